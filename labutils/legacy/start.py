"""Runs in the second environment: starts a worker script, and tells its failure. Standard library only.

python -I start.py SCRIPT FOLDER. The worker finds its job in FOLDER, and leaves its answers there.
"""

import os
import runpy
import sys
import threading
from pathlib import Path


def end_with_parent() -> None:
    """Ends this process when the one that started it is gone: standard input is a pipe that only it holds open."""

    def watch() -> None:
        os.read(0, 1)
        os._exit(3)

    threading.Thread(target=watch, daemon=True).start()


def main(script: str, folder: str) -> int:
    """Runs the script with the folder as its argument; 2 and an error.txt when it raises."""
    end_with_parent()
    sys.argv = [script, folder]
    try:
        runpy.run_path(script, run_name="__main__")
    except Exception as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        Path(folder, "error.txt").write_text(first[:160], encoding="utf-8")
        raise SystemExit(2) from error
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
