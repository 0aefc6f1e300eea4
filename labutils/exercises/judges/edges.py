"""A budget that is kept to the byte: the file that just fills it fits."""

from collections.abc import Callable

from labutils.exercises.exercise import NotYet

HandOver = Callable[[int], bytes | None]  # a file for a budget in bytes, or None


def just_fits(hand_over: HandOver, size: int, most_bytes: int) -> int:
    """The size of the file, once it was had for that budget. Raises NotYet where it is refused.

    A file may change its size from call to call, since Keras numbers what has no name of its own: keras_tensor_9 is
    followed by keras_tensor_10. So a refusal counts only for a file that has the same size afterwards.
    size: of the file that was handed over for `most_bytes`.

    >>> just_fits(lambda budget: b"12345" if budget >= 5 else None, 5, 100)
    5
    """
    for _ in range(3):
        if len(hand_over(size) or b"") == size:
            return size
        again = hand_over(most_bytes)
        if again is None or len(again) == size:
            raise NotYet(f"For a budget of {size:,} bytes it refuses its own file, which has just as many: that fits.")
        size = len(again)
    return size
