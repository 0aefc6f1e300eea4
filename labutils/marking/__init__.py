"""Marking a class: submissions are found, judged in isolation, kept in a database, and given back as pages."""
