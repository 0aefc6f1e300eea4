"""Pages of made-up runs, read as a browser would."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from labutils.report.page import write_report
from tests.report.made import read, write_execution, write_sweep


@pytest.fixture(scope="session")
def sweep(tmp_path_factory) -> Path:
    """Twelve executions of one lab, four of them failed in the same way, one cut off."""
    return write_sweep(tmp_path_factory.mktemp("a sweep, größer"), 12)


@pytest.fixture(scope="session")
def sweep_page(sweep) -> BeautifulSoup:
    return read(write_report(sweep))


@pytest.fixture(scope="session")
def labs_run(tmp_path_factory) -> Path:
    """One execution each of three labs."""
    folder = tmp_path_factory.mktemp("labs")
    names = ("float", "float16", "int8")
    write_execution(
        folder / "04_four.ipynb", {"seed": 4}, lab="04_four", seconds=20.0, cpu_seconds=19.0, peak_mb=800,
        values={
            "bytes": {f"bytes_{name}": size for name, size in zip(names, (1654780, 879080, 644120), strict=True)},
            "share": {f"accuracy_{name}": share for name, share in zip(names, (0.98, 0.98, 0.95), strict=True)},
            "ms": {f"latency_{name}": time for name, time in zip(names, (0.4, 0.387, 0.05), strict=True)},
        },
    )  # fmt: skip
    write_execution(folder / "05_five.ipynb", {"seed": 5}, lab="05_five", seconds=8.0, cpu_seconds=7.5, peak_mb=920,
                    values={"operators": {"select": 2}}, machine="Darwin arm64, 8 CPUs, Python 3.12.1")
    write_execution(folder / "06_six.ipynb", {"runs": 20}, lab="06_six", seconds=9.0, cpu_seconds=8.5, peak_mb=700,
                    values={"share": {"right": 1.0}, "µs": {"in_batches": 5.2, "one_at_a_time": 10.9}})
    return folder


@pytest.fixture(scope="session")
def labs_page(labs_run) -> BeautifulSoup:
    return read(write_report(labs_run))
