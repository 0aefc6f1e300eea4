"""What judges share whose exercise sorts files by what is in them: the files, and the way to judge the answers."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import numpy as np

from labutils.exercises.compare import Misconception
from labutils.exercises.exercise import NotYet
from labutils.tflite.anatomy import Anatomy, Tensor, anatomy

Answer = str | None
Kinds = Mapping[str, tuple[Answer, Callable[[np.random.Generator], bytes]]]  # by name: the right answer, how it is made
RENEWED = 1 / 4  # of the files at every check: all of them would take a second


class Shelf:
    """Files of all kinds, kept for the next time in this process."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self._made: dict[str, bytes] = {}

    def delivered(self, rng: np.random.Generator) -> dict[str, bytes]:
        """A file of every kind by its name, in random order: some new, the others as they last were."""
        for name, (_, make) in self.kinds.items():
            if name not in self._made or rng.random() < RENEWED:
                self._made[name] = make(rng)
        return {str(name): self._made[name] for name in rng.permutation(list(self.kinds))}


def judge(
    answer: Callable[[bytes], Answer], files: Mapping[str, bytes], kinds: Kinds, wrong: Iterable[Misconception],
    described: Callable[[Anatomy], str],
) -> None:  # fmt: skip
    """Raises NotYet when the answers are not the right ones: by the misconception that explains all, else by a file."""
    found = {name: answer(content) for name, content in files.items()}
    expected = {name: right for name, (right, _) in kinds.items()}
    if found == expected:
        return
    for each in wrong:
        if found == {name: each.answer(content) for name, content in files.items()}:
            raise NotYet(each.sentence)
    name = next(name for name in kinds if found[name] != expected[name])
    file = described(anatomy_of(files[name]))
    raise NotYet(f"Of a file {file} it says {found[name]!r}; {expected[name]!r} is right.")


@lru_cache(maxsize=64)
def anatomy_of(content: bytes) -> Anatomy:
    """The anatomy, read once a file."""
    return anatomy(content)


def inputs_of(found: Anatomy) -> list[Tensor]:
    """The tensors that go in."""
    graph = found.subgraphs[0]
    return [graph.tensors[place] for place in graph.inputs]


def outputs_of(found: Anatomy) -> list[Tensor]:
    """The tensors that come out."""
    graph = found.subgraphs[0]
    return [graph.tensors[place] for place in graph.outputs]
