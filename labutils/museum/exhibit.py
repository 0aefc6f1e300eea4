"""What an exhibit is made of."""

from dataclasses import dataclass

MESSAGE, SILENCE, CRASH = "message", "silence", "crash"
KINDS = {MESSAGE: "says so", SILENCE: "says nothing", CRASH: "kills the process"}


@dataclass(frozen=True)
class Exhibit:
    """One mistake. name: as in `exhibit("wrong_dtype")`. kind: how it shows itself, one of KINDS.

    why and cure: a sentence or two. messages: what is said, each from its first word, "ValueError: ..." (the rest of a
    message may be left off). lab and section: where it is taught, the section by its heading. signs: words of people
    who look for it without a message.
    """

    name: str
    title: str
    kind: str
    why: str
    cure: str
    lab: str
    section: str
    messages: tuple[str, ...] = ()
    signs: str = ""
