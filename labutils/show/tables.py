"""Tables of the labs, as pandas frames, which a notebook shows well and a terminal can read."""

import pandas as pd

from labutils.tflite.anatomy import Anatomy, Quantization
from labutils.tflite.latency import Latency
from labutils.tflite.parity import Parity


def tensors(found: Anatomy, graph: int = 0) -> pd.DataFrame:
    """One row a tensor: name, shape, dtype, bytes of constant data, scale and zero point."""
    rows = [
        {
            "name": tensor.name,
            "shape": "×".join("?" if size == -1 else str(size) for size in tensor.shape) or "scalar",
            "dtype": tensor.dtype,
            "bytes": tensor.bytes or "",
            "scale": _scales(tensor.quantization),
            "zero point": _zero_points(tensor.quantization),
        }
        for tensor in found.subgraphs[graph].tensors
    ]
    frame = pd.DataFrame(rows).rename_axis("tensor")
    return frame if (frame["scale"] != "").any() else frame.drop(columns=["scale", "zero point"])


def parities(found: dict[str, Parity]) -> pd.DataFrame:
    """One row a comparison: largest and mean error, verdict."""
    rows = {
        name: {
            "max error": f"{p.max_error:.1e}",
            "mean error": f"{p.mean_error:.1e}",
            "same top-1": "" if p.top1 is None else f"{p.top1:.1%}",
            "verdict": "agrees" if p.agrees else "does not agree",
        }
        for name, p in found.items()
    }
    frame = pd.DataFrame(rows).T
    return frame if (frame["same top-1"] != "").any() else frame.drop(columns="same top-1")


def latencies(found: dict[str, Latency]) -> pd.DataFrame:
    """One row a rival: median, quartiles and 95th percentile in milliseconds, and the ratio to the first's median."""
    first = next(iter(found.values())).median
    rows = {
        name: {
            "median ms": f"{f.median:.3g}",
            "middle half ms": f"{f.percentile(25):.3g} to {f.percentile(75):.3g}",
            "95 % below ms": f"{f.percentile(95):.3g}",
            "times the first": f"{f.median / first:.2f}",
        }
        for name, f in found.items()
    }
    return pd.DataFrame(rows).T


def _scales(found: Quantization | None) -> str:
    if found is None:
        return ""
    return f"{found.scales[0]:.4g}" if len(found.scales) == 1 else f"{len(found.scales)} scales"


def _zero_points(found: Quantization | None) -> str:
    return "" if found is None or not found.zero_points else str(found.zero_points[0])
