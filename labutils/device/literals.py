"""Text as it may stand in the sources of an app: a name may hold quotes, dollars, backslashes, umlauts and emoji."""

import re
from xml.sax.saxutils import escape

from labutils.device.c_array import default_name

# What no app shows, or no XML may hold: controls, halves of characters, and the two that end U+FFFE's plane.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def shown(name: str) -> str:
    """A name as an app shows it: on one line, and never empty.

    >>> shown("My\\n digits"), shown(" ")
    ('My digits', 'Classifier')
    """
    return " ".join(_UNSHOWN.sub(" ", name).split()) or "Classifier"


def slug(name: str) -> str:
    """A name as a part of an application's id: small letters of ASCII, digits and _, a letter first.

    >>> slug("Größe 2.tflite"), slug("7"), slug("数字")
    ('gr_e_2', 'model_7', 'model')
    """
    return default_name(name).lower()


def kotlin(text: str) -> str:
    r"""A string literal of Kotlin, where $ would begin a template.

    Source: kotlinlang.org/spec, "String literals".

    >>> print(kotlin('5 $ "a\\b"'))
    "5 \$ \"a\\b\""
    """
    return '"' + _UNSHOWN.sub(_as_kotlin, re.sub(r'([\\"$])', r"\\\1", text)) + '"'


def swift(text: str) -> str:
    r"""A string literal of Swift, where \( would begin an interpolation.

    Source: The Swift Programming Language, "Lexical Structure", string literals.

    >>> print(swift('5 $ "a\\(b)"'))
    "5 $ \"a\\(b)\""
    """
    return '"' + _UNSHOWN.sub(_as_swift, re.sub(r'([\\"])', r"\\\1", text)) + '"'


def android(text: str) -> str:
    r"""A text as an Android string resource: escaped for XML, and for Android, which reads \, quotes, @ and ? itself.

    Source: developer.android.com, "String resources", handle special characters.

    >>> print(android("@Anna's <best> \\ 5"))
    \@Anna\'s &lt;best&gt; \\ 5
    """
    return escape(re.sub(r"""([\\'"]|^[@?])""", r"\\\1", text))


def markdown(text: str) -> str:
    r"""A text in Markdown that means nothing but itself, in a cell of a table too.

    >>> print(markdown("cnn_float | *"))
    cnn\_float \| \*
    """
    return re.sub(r"([\\`*_\[\]<>#|&~$])", r"\\\1", text)


def number(value: float) -> str:
    """A real number as Kotlin, Swift and Python read it, with every digit it has.

    >>> number(-1), number(0.003921568859368563), number(1e-07)
    ('-1.0', '0.003921568859368563', '1e-07')
    """
    return repr(float(value))


def _as_kotlin(found: re.Match[str]) -> str:
    return "".join(f"\\u{ord(each):04x}" for each in found[0])


def _as_swift(found: re.Match[str]) -> str:
    return "".join(f"\\u{{{ord(each):x}}}" for each in found[0])
