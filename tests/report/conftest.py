"""Pages of made-up runs, read as a browser would, and a headless Chromium to look at them with."""

import inspect
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from labutils.report.page import write_report
from tests.browser.conftest import CHROMIUM, OPTIONS
from tests.report.made import read, write_execution, write_sweep


@pytest.fixture(scope="session")
def own_thread():
    """Where the tests with a browser run: a thread has room for one Playwright, and tests/browser may hold this one."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture(scope="session")
def browser(own_thread):
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("CI must have a Chromium: .ci/run installs it")
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    playwright = own_thread.submit(lambda: sync_playwright().start()).result()
    opened = own_thread.submit(playwright.chromium.launch, executable_path=CHROMIUM, args=OPTIONS).result()
    yield opened
    own_thread.submit(lambda: (opened.close(), playwright.stop())).result()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs a test that has the browser in the browser's thread."""
    if "browser" not in pyfuncitem.fixturenames:
        return None
    values = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    pyfuncitem.funcargs["own_thread"].submit(pyfuncitem.obj, **values).result()
    return True


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
