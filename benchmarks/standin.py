"""A task in place of a point's execution, to see what the machinery does with very many."""

import json

from labutils.sweep.task import Task


def stand_in(task: Task) -> bytes:
    """The notebook as a worker gives it back, passed, with nothing executed."""
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook["metadata"]["labutils"] = {"lab": task.slug, "parameters": dict(task.values), "outcome": "passed"}
    notebook["metadata"]["labutils"] |= {"cell": None, "message": "", "seconds": 0.1, "cpu_seconds": 0.1, "peak_mb": 1}
    return json.dumps(notebook).encode()
