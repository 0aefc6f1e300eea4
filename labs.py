"""The `labs` command as functions: whoever runs the course from Python needs no other module.

>>> import labs
>>> [each.name for each in labs.parameters("01")]
['seed', 'steps', 'learning_rate', 'question']
"""

from labutils.course.catalog import find_lab as _find_lab
from labutils.course.manifest import Rules as Rules
from labutils.course.parameters import Parameter as Parameter
from labutils.course.parameters import read_parameters as _read_parameters
from labutils.course.results import results as results
from labutils.course.results import write_results as write_results
from labutils.errors import LabError as LabError
from labutils.report.page import write_report as write_report
from labutils.sweep.cluster import Where as Where
from labutils.sweep.run import Conduct as Conduct
from labutils.sweep.run import resume as resume
from labutils.sweep.run import sweep as sweep

__all__ = (
    "Conduct", "LabError", "Parameter", "Rules", "Where", "parameters", "results", "resume", "sweep", "write_report",
    "write_results",
)  # fmt: skip


def parameters(lab: str) -> tuple[Parameter, ...]:
    """The parameters of a lab: name, type, default, help, and what each may be.

    lab: its number, name or file. Raises LabError where there is no such lab.

    >>> parameters("01")[0].allowed
    'a whole number from 0 to 10000'
    """
    return _read_parameters(_find_lab(lab))
