"""What students do to a notebook without meaning harm: each a small function that changes a draft.

A kind has variants; its name comes first, then the variant's. Kinds of two drafts make two submissions.
"""

import json
import re
from collections.abc import Callable

from tests.marking.synthetic_draft import Draft, lines

Make = Callable[..., None]
PAIRS = {"twice", "identical"}


def right(draft: Draft) -> None:
    draft.solve()


def wrong(draft: Draft) -> None:
    for exercise in draft.exercises:
        draft.write(exercise, draft.wrong(exercise), "not yet")


def half(draft: Draft) -> None:
    for number, exercise in enumerate(draft.exercises):
        if number % 2:
            draft.write(exercise, draft.another(exercise), "correct")
        elif draft.rng.random() < 0.5:
            draft.write(exercise, draft.wrong(exercise), "not yet")


def empty(draft: Draft) -> None:
    pass


def syntax_error(draft: Draft) -> None:
    victim = draft.victim()
    draft.solve(victim)
    draft.write(victim, victim.solution.replace(":\n", "\n", 1), "not yet")


def loop_at_top(draft: Draft) -> None:
    draft.solve()
    draft.insert(draft.rng.randrange(3, len(draft.cells)), "count = 0\nwhile True:\n    count += 1")


def checks_deleted(draft: Draft) -> None:
    draft.solve()
    for exercise in draft.exercises:
        del draft.cells[draft.place(exercise, "check")]


def stubs_deleted(draft: Draft) -> None:
    draft.solve()
    for exercise in draft.exercises[::2]:
        del draft.cells[draft.place(exercise)]
        draft.expect(exercise, "not tried")


def markdown_deleted(draft: Draft) -> None:
    draft.solve()
    draft.notebook["cells"] = draft.code_cells


def stub_again(draft: Draft) -> None:
    draft.solve()
    victim = draft.victim()
    draft.insert(draft.place(victim) + 1, victim.stub)
    draft.expect(victim, "correct", "not tried")


def wrong_then_right(draft: Draft) -> None:
    draft.solve()
    victim = draft.victim()
    draft.insert(draft.place(victim), draft.wrong(victim))


def helper_behind(draft: Draft) -> None:
    draft.solve()
    victim = draft.victim()
    draft.write(victim, f"def {victim.signature}:\n    return helper({', '.join(victim.parameters)})")
    code = re.sub(rf"\b{victim.function}\b", "helper", victim.solution)
    draft.insert(draft.place(victim) + 1, code)


def checks_first(draft: Draft) -> None:
    draft.solve()
    checks = [draft.cells.pop(draft.place(exercise, "check")) for exercise in draft.exercises]
    draft.cells[3:3] = checks


def another_name(draft: Draft) -> None:
    draft.solve()
    victim = draft.victim()
    draft.write(victim, re.sub(rf"\b{victim.function}\b", "mine", victim.solution))
    draft.cells[draft.place(victim, "check")]["source"] = f'check("{victim.name}", mine)'


def a_lambda(draft: Draft) -> None:
    draft.solve()
    victim = draft.victim()
    code = re.sub(rf"\b{victim.function}\b", "_mine", victim.solution)
    given = ", ".join(victim.parameters)
    draft.write(victim, f"{code}\n\n\n{victim.function} = lambda {given}: _mine({given})")


def a_partial(draft: Draft) -> None:
    draft.solve()
    victim = draft.victim()
    code = re.sub(rf"\bdef {victim.function}\(", "def _mine(unused, ", victim.solution)
    draft.write(victim, f"import functools\n\n{code}\n\n\n{victim.function} = functools.partial(_mine, None)")


def leans_on_others(draft: Draft) -> None:
    draft.solve()
    victim = draft.victim()
    given = ", ".join(victim.parameters)
    code = re.sub(rf"\b{victim.function}\b", "helper", victim.solution)
    for piece in (
        "import operator as chosen",
        "FIRST = 0",
        f"class Tool:\n    def apply(self, {given}):\n        return helper({given})",
        code,
    ):
        draft.insert(draft.rng.randrange(3, draft.place(victim)), piece)
    draft.write(victim, f"def {victim.signature}:\n    return chosen.getitem([Tool()], FIRST).apply({given})")


def outputs_cleared(draft: Draft) -> None:
    draft.solve()
    for cell in draft.code_cells:
        cell["outputs"], cell["execution_count"] = [], None


def kernel(name: str, language: str) -> Make:
    def make(draft: Draft) -> None:
        draft.solve()
        draft.notebook["metadata"]["kernelspec"] = {"display_name": name, "language": language, "name": name.lower()}
        draft.notebook["metadata"]["language_info"] = {"name": language}

    return make


def no_kernel(draft: Draft) -> None:
    draft.solve()
    for name in ("kernelspec", "language_info"):
        draft.notebook["metadata"].pop(name, None)


def nbformat_3(draft: Draft) -> None:
    draft.solve()
    cells = []
    for cell in draft.cells:
        old = {"cell_type": cell["cell_type"], "metadata": {}}
        if cell["cell_type"] == "code":
            old |= {
                "input": cell["source"],
                "language": "python",
                "outputs": [],
                "prompt_number": 1,
                "collapsed": False,
            }
        else:
            old["source"] = cell["source"]
        cells.append(old)
    sheets = [{"cells": cells, "metadata": {}}]
    draft.notebook = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}


def magic(line: str) -> Make:
    def make(draft: Draft) -> None:
        draft.solve()
        victim = draft.victim()
        draft.write(victim, f"{line}\n{victim.solution}")

    return make


def no_notebook(content: bytes, reason: str = "no notebook") -> Make:
    return lambda draft: draft.unmarked(content, reason)


def as_a_script(draft: Draft) -> None:
    draft.unmarked("\n\n\n".join(each.solution for each in draft.exercises).encode(), "no notebook")
    draft.ending = ".py"


def as_a_pdf(draft: Draft) -> None:
    draft.unmarked(PDF, "no notebook")
    draft.ending = ".pdf"


def truncated(draft: Draft) -> None:
    draft.solve()
    whole = json.dumps(draft.notebook, ensure_ascii=False).encode()
    draft.unmarked(whole[: len(whole) * 2 // 3], "damaged")


def in_other_letters(draft: Draft) -> None:
    draft.solve()
    victim = draft.victim()
    code = re.sub(rf"\b{victim.function}\b", "größe_из_数", victim.solution)
    draft.write(victim, f"# Антwort: 答え ✓\n{code}\n\n\n{victim.function} = größe_из_数")


def byte_order_mark(draft: Draft) -> None:
    draft.solve()
    draft.content = b"\xef\xbb\xbf" + json.dumps(draft.notebook, ensure_ascii=False).encode()


def windows_lines(draft: Draft) -> None:
    draft.solve()
    for cell in draft.cells:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    draft.content = json.dumps(draft.notebook, indent=1).replace("\n", "\r\n").encode()


def sources_as_texts(draft: Draft) -> None:
    draft.solve()
    for cell in draft.cells:
        cell["source"] = "".join(cell["source"])


def metadata_torn_off(draft: Draft) -> None:
    draft.solve()
    draft.notebook["metadata"] = {}
    for cell in draft.cells:
        cell["metadata"] = {}
        cell.pop("id", None)
    draft.notebook["nbformat_minor"] = 4


def twice(earlier: Draft, later: Draft) -> None:
    later.student = earlier.student
    wrong(earlier)
    right(later)
    earlier.dated, later.dated = "first", "second"


def identical(one: Draft, other: Draft) -> None:
    for draft in (one, other):
        for exercise in draft.exercises:
            draft.write(exercise, draft.another(exercise), "correct")
        draft.note = "same"
    for exercise in other.exercises:
        code = "".join(other.cells[other.place(exercise)]["source"])
        changed = [f"{line}  # so" if line.rstrip().endswith((")", ":")) else line for line in code.split("\n")]
        other.cells[other.place(exercise)]["source"] = lines("# My own work.\n\n" + "\n".join(changed) + "\n")


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
DEEP = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
PLAIN: dict[str, Make] = {"right": right, "wrong": wrong, "half": half, "empty": empty}
KINDS: dict[str, dict[str, Make]] = {
    "syntax error": {"in one answer": syntax_error},
    "endless at top level": {"beside the answers": loop_at_top},
    "deleted cells": {"checks": checks_deleted, "stubs": stubs_deleted, "markdown": markdown_deleted},
    "duplicated cells": {"the stub again": stub_again, "wrong, then right": wrong_then_right},
    "reordered cells": {"helper behind": helper_behind, "checks first": checks_first},
    "renamed": {"another name": another_name, "a lambda": a_lambda, "a partial": a_partial},
    "leans on others": {"helper, constant, import, class": leans_on_others},
    "outputs cleared": {"all": outputs_cleared},
    "kernel": {"R": kernel("ir", "R"), "conda": kernel("conda-env-x", "python"), "none": no_kernel},
    "nbformat 3": {"worksheets": nbformat_3},
    "magics": {
        "timed": magic("%%time"), "inline": magic("%matplotlib inline"), "pip": magic("!pip install nothing-at-all"),
    },
    "not a notebook": {
        "pdf": no_notebook(PDF), "html": no_notebook(b"<!DOCTYPE html><p>x"), "nothing": no_notebook(b"", "empty"),
        "png": no_notebook(PNG), "python": no_notebook(b"def f(x):\n    return x\n"), "a script": as_a_script,
        "a pdf": as_a_pdf,
    },
    "damaged JSON": {"truncated": truncated, "deep": no_notebook(DEEP), "another": no_notebook(b'{"a": [1, 2]}')},
    "other letters": {"in the code": in_other_letters},
    "other bytes": {"byte order mark": byte_order_mark, "Windows lines": windows_lines, "texts": sources_as_texts},
    "metadata torn off": {"all": metadata_torn_off},
    "twice": {"wrong, then right": twice},
    "identical": {"but for comments": identical},
}  # fmt: skip
