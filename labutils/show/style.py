"""One look for every chart and figure: a palette that colour-blind readers can tell apart, one type scale."""

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl

# Okabe and Ito, "Color Universal Design" (2008); each also differs in lightness, so that it survives grey printing.
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW = "#CC79A7", "#56B4E9", "#F0E442"
INK, MUTED, PAPER, GRID = "#1F2933", "#52606D", "#FFFFFF", "#D9DEE4"
CYCLE = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, YELLOW)
HATCHES = ("", "//", "..", "xx", "\\\\", "oo", "++", "--")  # beside the colour, never colour alone

RC = {
    "figure.facecolor": PAPER,
    "figure.dpi": 100,
    "savefig.dpi": 100,
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "text.color": INK,
    "text.hinting": "none",  # letters as wide as their font has them, at every size
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": mpl.cycler(color=CYCLE),
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "legend.frameon": False,
    "lines.linewidth": 2,
}


@contextmanager
def styled() -> Iterator[None]:
    """Within the block, matplotlib draws as the course does; the reader's own settings come back after it."""
    with mpl.rc_context(RC):
        yield
