"""Judges a gradual schedule of sparsity. Source: Zhu and Gupta 2017, To prune, or not to prune, arXiv:1710.01878."""

from collections.abc import Callable

import numpy as np

from labutils.exercises.compare import Arguments, Misconception, Trial, close, number_form

Curve = Callable[[float], float]


def _calls(rng: np.random.Generator) -> list[Arguments]:
    """Steps between, at and beyond both ends of one schedule, and some of another."""
    calls: list[Arguments] = []
    for shares in ((0.2, 0.5, 0.8, 0.0, 1.0, -0.2, 1.6), (0.35, 0.65, 1.3, -0.4)):
        first, long = (int(number) for number in rng.integers((150, 200), (400, 900)))
        final = round(float(rng.uniform(0.5, 0.95)), 2)
        for share in shares:
            off = rng.uniform(-0.08, 0.08) if share not in (0, 1) else 0
            calls.append((first + round((share + off) * long), first, first + long, final))
    return calls


def _cubic(t: float) -> float:
    return 1 - (1 - t) ** 3


def _by(curve: Curve, before: bool = True, after: bool = True) -> Callable[..., float]:
    """A schedule of this curve. before, after: whether it is held at its ends outside the two steps."""

    def sparsity_at(step: int, first: int, last: int, final: float) -> float:
        t = (step - first) / (last - first)
        t = max(t, 0.0) if before else t
        return float(final * curve(min(t, 1.0) if after else t))

    return sparsity_at


def _at(share: Callable[[int, int, int], float]) -> Callable[..., float]:
    """The right curve on a share of the way that is reckoned otherwise."""
    return lambda step, first, last, final: float(final * _cubic(min(max(share(step, first, last), 0), 1)))


_right = _by(_cubic)


def _otherwise(change: Callable[[float, float], float]) -> Callable[..., float]:
    """The right sparsity and the final one, changed."""
    return lambda step, first, last, final: float(change(_right(step, first, last, final), final))


def _ended(step: int, first: int, last: int, final: float) -> float:
    return 0.0 if step > last else _right(step, first, last, final)


def _final_before(step: int, first: int, last: int, final: float) -> float:
    return final if step < first else _right(step, first, last, final)


def _one_shot(step: int, first: int, last: int, final: float) -> float:
    return final if step >= last else 0.0


def _at_once(step: int, first: int, last: int, final: float) -> float:
    return final if step >= first else 0.0


def _unbracketed(step: int, first: int, last: int, final: float) -> float:
    if not first <= step < last:
        return _right(step, first, last, final)
    return final - (1 - (step - first) / (last - first)) ** 3


_WRONG = (
    Misconception(
        _by(lambda t: t), "It grows evenly: cube what is left of the way, so that most goes early, and little late."
    ),
    Misconception(
        _by(lambda t: t**3),
        "It cubes the share of the way that is behind: then most goes at the end, when no time is left to recover. "
        "Cube what is left of the way.",
    ),
    Misconception(
        _by(lambda t: (1 - t) ** 3), "It falls from `final` to 0: that is what is yet to come. Take the cube from 1."
    ),
    Misconception(_by(lambda t: 1 - (1 - t) ** 2), "It squares what is left of the way: the third power is asked."),
    Misconception(_by(lambda t: 1 - (1 - t) ** 4), "It takes the fourth power of what is left: the third is asked."),
    Misconception(_by(lambda t: 1 - t**3), "It falls: cube `1 - t`, what is left of the way, and not `t`."),
    Misconception(
        _by(_cubic, before=False), "Before `first` it gives a negative sparsity: nothing is pruned yet, so 0 is right."
    ),
    Misconception(
        _by(_cubic, after=False), "Past `last` it goes on growing: from there on the sparsity stays at `final`."
    ),
    Misconception(
        _by(_cubic, before=False, after=False),
        "It follows the curve beyond both ends: before `first` the sparsity is 0, and from `last` on `final`.",
    ),
    Misconception(_ended, "Past `last` it gives 0: what was pruned stays pruned, so `final` is right there."),
    Misconception(_final_before, "Before `first` it gives `final`: nothing is pruned yet, so 0 is right there."),
    Misconception(
        _one_shot,
        "It prunes everything in one step, at `last`: between the two steps the sparsity grows. (Is it `//`, which "
        "cuts the fraction off?)",
    ),
    Misconception(_at_once, "It prunes everything in one step, at `first`: between the two steps the sparsity grows."),
    Misconception(
        _otherwise(lambda right, final: right / final), "It ends at 1, where nothing is left: multiply by `final`."
    ),
    Misconception(
        _otherwise(lambda right, final: 1 - right), "That is the share of the weights that stay: the sparsity is asked."
    ),
    Misconception(_otherwise(lambda right, final: 100 * right), "It gives per cent: a share from 0 to 1 is asked."),
    Misconception(
        _unbracketed,
        "It takes the cube from `final` itself, which begins below 0: `final * (1 - (1 - t)**3)`, with its brackets.",
    ),
    Misconception(
        _at(lambda step, first, last: step / last),
        "Its way begins at step 0: it begins at `first`, so that t is `(step - first) / (last - first)`.",
    ),
    Misconception(
        _at(lambda step, first, last: (step - first) / last),
        "Its way is `last` steps long: from `first` to `last` there are `last - first`.",
    ),
)  # fmt: skip


def _differs(arguments: Arguments, found: float, expected: float) -> str:
    step, first, last, final = arguments
    return (
        f"At step {step} of a schedule from {first} to {last}, up to {final}, it gives {float(found):.4g}; "
        f"{expected:.4g} is right."
    )


sparsity_at = Trial(draw=_calls, right=_right, wrong=_WRONG, same=close, form=number_form, differs=_differs)
