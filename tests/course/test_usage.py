"""What a tree of processes takes: libraries that processes of one program share count once."""

import contextlib
from types import SimpleNamespace

from labutils.course.usage import Watch

MB = 1_000_000


class Process(SimpleNamespace):
    """As psutil tells of one: `program`, and megabytes of all its memory and of what it maps from files."""

    oneshot = staticmethod(contextlib.nullcontext)

    def create_time(self):
        return 0.0

    def cpu_times(self):
        return SimpleNamespace(user=1.0, system=0.5)

    def memory_info(self):
        told = {} if self.files is None else {"shared": self.files * MB}
        return SimpleNamespace(rss=self.all * MB, **told)

    def cmdline(self):
        return [self.program, "-c", "pass"]


def peak(monkeypatch, *processes) -> float:
    watch = Watch()
    made = [Process(pid=n, program=name, all=held, files=files) for n, (name, held, files) in enumerate(processes)]
    monkeypatch.setattr(watch, "_processes", lambda: made)
    watch.look()
    assert watch.usage.cpu_seconds == 1.5 * len(made)
    return watch.usage.peak_mb


def test_libraries_of_one_program_count_once(monkeypatch):
    assert peak(monkeypatch, ("a/python", 700, 400), ("a/python", 650, 390)) == 300 + 260 + 400


def test_those_of_another_program_count_too(monkeypatch):
    assert peak(monkeypatch, ("a/python", 700, 400), ("b/python", 650, 390)) == 700 + 650


def test_where_the_system_does_not_tell_all_of_it_counts(monkeypatch):
    assert peak(monkeypatch, ("python", 700, None), ("python", 650, None)) == 700 + 650
