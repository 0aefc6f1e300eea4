"""All exhibits, room by room."""

from labutils.errors import LabError
from labutils.museum import converting, elsewhere, feeding, files, making, quantizing, running
from labutils.museum.exhibit import Exhibit

ROOMS: dict[str, tuple[Exhibit, ...]] = {
    "Making the model": making.EXHIBITS,
    "Converting": converting.EXHIBITS,
    "Quantizing": quantizing.EXHIBITS,
    "Feeding": feeding.EXHIBITS,
    "Running": running.EXHIBITS,
    "Files": files.EXHIBITS,
    "Elsewhere": elsewhere.EXHIBITS,
}
EXHIBITS: dict[str, Exhibit] = {each.name: each for room in ROOMS.values() for each in room}


def named(name: str) -> Exhibit:
    """The exhibit of that name; LabError names some that there are.

    >>> named("wrong_dtype").title
    'The wrong dtype'
    """
    if name not in EXHIBITS:
        import difflib

        near = difflib.get_close_matches(name, EXHIBITS, n=1, cutoff=0) or list(EXHIBITS)
        raise LabError(f"The museum has no exhibit {name!r}: did you mean {near[0]!r}?")
    return EXHIBITS[name]


def room_of(exhibit: Exhibit) -> str:
    """The name of the exhibit's room.

    >>> room_of(named("kept_view"))
    'Running'
    """
    return next(name for name, room in ROOMS.items() if exhibit in room)
