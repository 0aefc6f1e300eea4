"""Pictures of the course that a notebook's text shows, as data: small enough for a page, none from elsewhere."""

import base64
import io
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from labutils.errors import LabError
from labutils.paths import course_root

LARGE = 150_000  # bytes: smaller files stand as they are, since shrinking a drawing of few colours gains nothing
WIDEST = 1200  # pixels
COLOURS = 256


def course_picture(address: str) -> str | None:
    """What `../img/name.png` of a lab's text shows, as a data: address; None where the course has no such picture.

    >>> course_picture("https://example.org/img/1-features.png") is None
    True
    """
    path = Path(unquote(address))
    if path.parent.name != "img" or path.suffix.lower() != ".png" or ":" in address:
        return None
    try:
        file = course_root() / "img" / path.name
    except LabError:
        return None
    return _embedded(file) if file.is_file() else None


@cache
def _embedded(file: Path) -> str:
    content = file.read_bytes()
    if len(content) > LARGE:
        content = _shrunk(content)
    return "data:image/png;base64," + base64.b64encode(content).decode()


def _shrunk(content: bytes) -> bytes:
    """No wider than a page needs, and with no more colours; as it is where it is no picture after all."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as opened:
            picture = opened.convert("RGB")
    except OSError:
        return content
    picture.thumbnail((WIDEST, 4 * WIDEST), Image.Resampling.LANCZOS)
    small = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return min(small.getvalue(), content, key=len)
