"""For all tests, and the notebooks that nbval runs."""

import os
import re
from collections.abc import Generator
from unittest import mock

import pytest

os.environ["LABS_PROGRESS"] = "0"  # of whoever runs them, which is not to be touched
for name in ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"):  # containers set them, a learner's shell does not
    os.environ.pop(name, None)
os.environ["LABS_COLD"] = "1"  # small labs start quicker so; what is about warm kernels says otherwise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """nbval's kernels are warm, as those of `labs run` are: all but those of labs about what is loaded."""
    if item.path.suffix != ".ipynb" or _cold(item):
        return (yield)
    from jupyter_client.provisioning import KernelProvisionerFactory as Factory

    from labutils import warm

    warm.register()
    factory = Factory.instance()
    ordinary, factory.default_provisioner_name = factory.default_provisioner_name, warm.NAME
    try:
        with mock.patch.dict(os.environ, LABS_COLD="0"):
            return (yield)
    finally:
        factory.default_provisioner_name = ordinary


def _cold(item: pytest.Item) -> bool:
    source = item.path.parent / "source" / f"{item.path.stem}.py"
    return not source.exists() or re.search(r"^# +cold: true", source.read_text("utf-8"), re.M) is not None
