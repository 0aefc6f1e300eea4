"""The texts of throw-away labs, and a look at what a folder holds."""

from pathlib import Path

HEADER = """\
# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   lab:
#     title: TITLE
#     minutes: 5                # a learner's time
#     quick: QUICK
# ---

"""
COUNT = """\
# %% [markdown]
# # Counting
# %% tags=["parameters"]
seed: int = 7  # seed of every random choice [0..1000]
steps: int = 3  # steps to take [1..10]
rate: float = 0.5  # how fast [0..1]
mode: str = "float"  # precision {"float", "int8"}
loud: bool = False  # whether to shout
# %% tags=["count"]
total = sum(range(steps))
print(total, mode, rate, loud)
"""


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, with its content: to see that nothing was written."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
