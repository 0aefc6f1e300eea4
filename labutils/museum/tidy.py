"""Messages in one line each, the same on every machine; and as words, for whoever compares them."""

import re
import textwrap

from labutils.show.messages import FIRST, essential

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
LONG_PATH = re.compile(r"(?<![\w:/\\.])(?:[A-Za-z]:|\.\.?)?[/\\](?:[\w.~-]+[/\\])*(?=[\w.~-]+[/\\][\w.{~-])")
NOISE = re.compile(r"\s*(line \d+: |see current operation|Details:|tf\.\w+\()|.*: note: called from")
PATH = re.compile(r"[\w.~-]*[/\\][\w./\\~{}|-]*|[\w-]+\.(?:tflite|h5|keras|pb|py|npz)\b|(?<=')[\w-]+\.\w*$")
NUMBER = re.compile(r"-?\b\d[\d.,e+-]*\b")
WORD = re.compile(r"[a-z_]+|0+")
WIDTH, MOST = 96, 420  # characters of a line, and of a message that is shown


def said(error: BaseException) -> str:
    """What an exception or a warning says, as one line that begins with its type.

    >>> said(ValueError("two\\n lines"))
    'ValueError: two lines'
    """
    return f"{type(error).__name__}: {one_line(str(error))}"


def one_line(text: str) -> str:
    """A message without line breaks, colours and addresses of objects; of a converter's, the lines that tell.

    >>> one_line("<Thing object at 0x7f3a5c001d90>\\nis none")
    '<Thing object> is none'
    """
    return " ".join(ADDRESS.sub("", _telling(COLOUR.sub("", text))).split())


def lines_of(text: str) -> list[str]:
    """The lines of a pasted text, without colours; of a converter's message those that tell.

    >>> lines_of("one\\n\\ntwo")
    ['one', 'two']
    """
    return [line for line in _telling(COLOUR.sub("", text)).splitlines() if line.strip()]


def shown(message: str) -> str:
    """A message as a notebook shows it: outer folders left out, broken into lines, cut where it is very long.

    >>> shown("OSError: no file at /home/me/course/build/model.tflite")
    'OSError: no file at build/model.tflite'
    """
    short = textwrap.shorten(message if "://" in message else LONG_PATH.sub("", message), MOST, placeholder=" …")
    return textwrap.fill(short, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def words(message: str) -> list[str]:
    """The words of a message, in small letters; every number is a 0, every path the word path.

    >>> words("Could not open '/tmp/model.tflite', error 19")
    ['could', 'not', 'open', 'path', 'error', '0']
    """
    text = NUMBER.sub(" 0 ", PATH.sub(" path ", ADDRESS.sub("", message).lower()))
    found = WORD.findall(text)
    return [word for place, word in enumerate(found) if word != "0" or place == 0 or found[place - 1] != "0"]


def _telling(text: str) -> str:
    if FIRST not in text:
        return text
    return "\n".join(line for line in essential(text).splitlines() if not NOISE.match(line))
