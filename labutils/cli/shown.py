"""What the commands on model files print: in lines, in tables, or as data for --json."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labutils.tflite.bench import Timing
    from labutils.tflite.compare import Comparison
    from labutils.tflite.convert import Conversion


def conversion_lines(done: Conversion) -> list[str]:
    """A conversion in a few lines."""
    count = sum(done.operators.values())
    kinds = ", ".join(f"{name} x{n}" if n > 1 else name for name, n in sorted(done.operators.items()))
    floats = sum(done.float_operators.values())
    signatures = ", ".join(done.signatures) or "none"
    return [
        f"converted     {done.source}",
        f"to            {done.output}: {done.bytes:,} bytes, signature {signatures}, {done.seconds:.1f} s",
        f"operators     {count}, {floats} of them in float32: {kinds}",
        f"quantization  {done.quantization}",
        f"parity        {done.agreement or 'not asked for'}",
    ]


def conversion_data(done: Conversion) -> dict[str, Any]:
    """A conversion for `labs convert --json`."""
    names = ("source", "quantization", "bytes", "sha256", "operators", "float_operators")
    data = {name: getattr(done, name) for name in names}
    parity = done.agreement.as_data() if done.agreement else None
    rest = {"signatures": list(done.signatures), "parity": parity, "seconds": round(done.seconds, 2)}
    return {"output": str(done.output), **data, **rest}


def float_warning(done: Conversion) -> str | None:
    """What to say where full integer is not full: the default quantizer leaves such operators float in silence."""
    if done.quantization != "full_integer" or not done.float_operators:
        return None
    count = sum(done.float_operators.values())
    stayed = f"{count} operator{'s' * (count != 1)} stayed float32 ({', '.join(sorted(done.float_operators))})"
    return f"{stayed}: LiteRT has no integer kernel there, and an integer-only device will not run this file."


def comparison_tables(found: Comparison) -> list[list[list[str]]]:
    """Two files side by side: a table of the whole, and one of what differs where something does."""
    rows = [["", "first", "second"], ["file", *found.files]]
    rows.append(["bytes", f"{found.bytes[0]:,}", f"{found.bytes[1]:,} (x{found.ratio:.3g})"])
    rows.append(["constant numbers", *(f"{count:,}" for count in found.parameters)])
    for name, sides in (("inputs", found.inputs), ("outputs", found.outputs)):
        rows.append([name, *("; ".join(f"{key} {what}" for key, what in side.items()) for side in sides)])
    differing = [["operator", name, *map(str, pair)] for name, pair in found.operators.items()]
    differing += [["tensors", name, *map(str, pair)] for name, pair in found.dtypes.items()]
    return [rows, [["kind", "name", "first", "second"], *differing]] if differing else [rows]


def comparison_lines(found: Comparison) -> list[str]:
    """What stands below the tables."""
    count = found.operators_alike
    same = [f"{count} operator{'s' * (count != 1)} in both"]
    if found.identical:
        same.append("byte-identical")
    return [", ".join(same), f"answers {found.agreement}"]


def comparison_data(found: Comparison) -> dict[str, Any]:
    """Two files for `labs compare --json`."""
    return {**asdict(found), "ratio": found.ratio, "agreement": found.agreement.as_data()}


def timing_rows(timings: Sequence[Timing]) -> list[list[str]]:
    """A table of latencies: a heading and a row for each file and number of threads."""
    rows = [["file", "threads", "median ms", "middle half ms", "95 % ms", "ratio", "bytes"]]
    for each in timings:
        low, high, most = (f"{each.latency.percentile(share):.3g}" for share in (25, 75, 95))
        figures = [f"{each.latency.median:.3g}", f"{low} to {high}", most, f"{each.ratio:.2f}", str(each.bytes)]
        rows.append([each.name, str(each.threads), *figures])
    return rows


def timing_data(timings: Sequence[Timing]) -> list[dict[str, Any]]:
    """Latencies for `labs bench --json`, in milliseconds."""
    data = []
    for each in timings:
        shares = {f"p{share}_ms": each.latency.percentile(share) for share in (25, 75, 95)}
        about = {"file": each.file, "name": each.name, "threads": each.threads, "bytes": each.bytes}
        runs = {"runs": len(each.latency.milliseconds), "median_ms": each.latency.median}
        data.append({**about, **runs, **shares, "ratio": each.ratio})
    return data
