"""The `labs` command: parses, calls one function, prints. Each sub-command is one function and its registration.

entry: the whole command line. parser: what all sub-commands share. course: operating the course. classroom, marking:
for who teaches. model_files: what works on models. shown: what those print.
"""

from labutils.cli.entry import main, make_parser

__all__ = ["main", "make_parser"]
