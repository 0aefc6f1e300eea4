"""What the cells of an executed notebook said, by tag."""

from pathlib import Path

import nbformat

KINDS = ("text/markdown", "text/plain")  # the first that an output has


def said(notebook: Path) -> dict[str, str]:
    """What each tagged cell printed or showed, as text."""
    found: dict[str, str] = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        outputs = cell.get("outputs", [])
        texts = [o.get("text") or next((o["data"][k] for k in KINDS if k in o.get("data", {})), "") for o in outputs]
        for tag in cell.metadata.get("tags", []):
            found[tag] = found.get(tag, "") + "\n".join(texts)
    return found
