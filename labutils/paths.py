"""Where things are: the course, and the folder that a lab may write to."""

import os
from pathlib import Path

from labutils.errors import LabError


def course_root() -> Path:
    """The folder that holds `notebooks/`: above the working directory, else the checkout that labutils is in.

    Raises LabError when neither holds the course.

    >>> (course_root() / "notebooks" / "source").is_dir()
    True
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (Path.cwd(), *Path.cwd().parents, package):
        if (folder / "notebooks" / "source").is_dir():
            return folder
    raise LabError("The course's notebooks are not here: change to the folder that you cloned, and try again.")


def workdir(lab: str) -> Path:
    """The folder that the lab writes to, made if it is missing: `build/<lab>/`, relative to the working directory.

    lab: the lab's number and name, as in its file name. The environment variable LABS_BUILD moves all such folders
    (`labs run` sets it, so that two executions never write to one place). Raises LabError where it cannot be written.

    >>> workdir("01_single_neuron").name
    '01_single_neuron'
    """
    folder = Path(os.environ.get("LABS_BUILD") or course_root() / "build") / lab
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LabError(f"The folder {folder} cannot be made ({error.strerror}): free it, or set LABS_BUILD.") from None
    try:
        return Path(os.path.relpath(folder))
    except ValueError:  # Windows: the folder is on another drive
        return folder
