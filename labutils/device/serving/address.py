"""Where a phone in the same network finds this computer, and the QR code that spares typing it."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from labutils.errors import LabError

ELSEWHERE = "192.0.2.1"  # a documentation address (RFC 5737): nobody has it, and nothing is sent to it
BORDER = 4  # modules of white around the code, as ISO/IEC 18004 asks for
BLACK_ON_WHITE, NORMAL = "\x1b[38;5;16;48;5;231m", "\x1b[0m"  # of the 256 colours, those that no theme changes
HALVES = {(0, 0): " ", (1, 0): "\u2580", (0, 1): "\u2584", (1, 1): "\u2588"}  # (upper, lower), 1 is dark


def lan_address() -> str:
    """This computer's IPv4 address in the local network, found without sending anything.

    With several networks (a VPN, say) it is that of the one which leads to the internet. Raises LabError where there is
    none.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.connect((ELSEWHERE, 9))  # only chooses the way; a packet would be sent by send
            found = ipaddress.ip_address(line.getsockname()[0])
    except OSError:
        found = ipaddress.ip_address("0.0.0.0")
    if found.is_loopback or found.is_unspecified:
        raise LabError("This computer is in no network: connect it to the phone's Wi-Fi, or leave --lan out.")
    return str(found)


def qr_text(url: str) -> str:
    """A QR code for a terminal, two modules a character: black on white, whatever the terminal's theme.

    >>> len(qr_text("http://192.0.2.7:8000/join/x").splitlines())
    19
    """
    rows = [list(row) for row in _code(url).matrix_iter(border=BORDER)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    lines = ("".join(HALVES[halves] for halves in zip(upper, lower, strict=True)) for upper, lower in pairs)
    return "\n".join(f"{BLACK_ON_WHITE}{line}{NORMAL}" for line in lines)


def qr_svg(url: str) -> str:
    """A QR code as SVG, for a notebook: black on white, with the address as its title for those who cannot see it.

    >>> qr_svg("http://192.0.2.7:8000/join/x")[:15]
    '<svg role="img"'
    """
    drawn = _code(url).svg_inline(scale=5, border=BORDER, dark="black", light="white", title=f"QR code of {url}")
    return drawn.replace("<svg ", '<svg role="img" ', 1)


def _code(url: str) -> Any:
    """The code; level M bears a scratch or a reflection."""
    import segno

    return segno.make(url, error="m", micro=False)
