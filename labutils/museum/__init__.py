"""The museum of errors of lab 11: every mistake that learners of this subject meet, with its message and its cure."""

from labutils.museum.catalog import EXHIBITS as EXHIBITS
from labutils.museum.hall import collected as collected
from labutils.museum.hall import exhibit as exhibit
from labutils.museum.hall import heard as heard
from labutils.museum.shown import as_html as as_html
from labutils.museum.shown import contents as contents
from labutils.museum.shown import find as find
