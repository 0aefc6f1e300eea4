"""Which route, quantization and runtime give a right model on this machine's versions: found out by running them all.

TensorFlow is imported inside the functions. `labs support` runs it and keeps what was found.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from labutils import data, models
from labutils.errors import LabError
from labutils.support.routes import ROUTES, Route
from labutils.tflite import flex
from labutils.tflite.anatomy import anatomy
from labutils.tflite.converter import configure
from labutils.tflite.quiet import quiet_failure
from labutils.tflite.runtime import SELECT, Model, open_model
from labutils.tflite.variants import PATHS
from labutils.tflite.variants import Path as Way

if TYPE_CHECKING:
    import keras

RIGHT, WRONG, REFUSED = "right", "wrong", "refused"
LITERT, PLAIN, TF_LITE, FLEX = "LiteRT", "LiteRT without XNNPACK", "tf.lite.Interpreter", "the Flex environment"
RUNTIMES = (LITERT, PLAIN, TF_LITE, FLEX)
ROWS = 60  # images that are asked, and calibrated with
SURE = 0.95  # of the answers have to be the same
# The largest error allowed in a probability, by what is left of the numbers' precision.
TOLERANCES = {"float": 1e-5, "Select": 1e-5, "float16": 1e-3, "dynamic range": 1e-2, "16x8": 1e-2}
INTEGER_TOLERANCE = 0.05

Verdicts = dict[str, dict[str, dict[str, "Verdict"]]]  # by route, path, and runtime
Files = dict[str, "bytes | Verdict"]  # by path the file, or why there is none


@dataclass(frozen=True)
class Verdict:
    """state: right, wrong (it answers wrongly, or is not what was asked for) or refused (it raises). reason: why."""

    state: str
    reason: str = ""


@dataclass(frozen=True)
class Support:
    """All verdicts, and the versions that they were found with."""

    versions: dict[str, str]
    verdicts: Verdicts


def measure(routes: Mapping[str, Route] = ROUTES, tell: Callable[[str], None] = lambda route: None) -> Support:
    """Convert by every route and path, and ask every runtime: about 50 CPU-seconds. tell: is told each route's name."""
    with quiet_failure():
        ordinary, special = models.digits_cnn("digits"), _with_erf()
        images = data.for_cnn(data.digits("train")[0][:ROWS])
        expected = {model: model.predict(images, verbose=0) for model in (ordinary, special)}
    files: dict[str, Files] = {}
    for name, route in routes.items():
        tell(name)
        files[name] = {}
        with tempfile.TemporaryDirectory(prefix="labs-support-") as folder:
            for select, model in ((False, ordinary), (True, special)):
                files[name] |= _files(route, model, Path(folder) / model.name, images, select)
    answers = {path: expected[special if way.select else ordinary] for path, way in PATHS.items()}
    found = {name: _asked(each, images, answers) for name, each in files.items()}
    _ask_flex(files, images, answers, found)
    return Support(_versions(), found)


def _with_erf() -> keras.Model:
    """A net with an operator that LiteRT lacks: erf."""
    import keras

    image = keras.Input((8, 8, 1), name="image")
    hidden = keras.layers.Dense(16)(keras.layers.Flatten()(image))
    return keras.Model(image, keras.layers.Dense(10)(keras.ops.erf(hidden)), name="with_erf")


def _files(route: Route, model: keras.Model, folder: Path, images: np.ndarray, select: bool) -> Files:
    """Saves or traces the model once, and converts it by each path."""
    paths = {name: path for name, path in PATHS.items() if path.select == select}
    folder.mkdir()
    try:
        with quiet_failure():
            new_converter = route(model, folder)
    except Exception as error:  # whatever saving, loading or tracing can raise
        return {name: Verdict(REFUSED, _first_line(error)) for name in paths}
    files: Files = {}
    for name, path in paths.items():
        try:
            with quiet_failure():
                files[name] = _configured(new_converter(), path, images).convert()
        except Exception as error:  # whatever the converter can raise
            files[name] = Verdict(REFUSED, f"by the converter: {_first_line(error)}")
    return files


def _configured(converter: Any, way: Way, images: np.ndarray) -> Any:
    import tensorflow as tf

    dataset = (lambda: ([row[np.newaxis]] for row in images)) if way.calibrates else None
    configure(converter, way.settings, dataset)
    if way.select:
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    return converter


def _asked(
    files: Files, images: np.ndarray, expected: dict[str, np.ndarray]
) -> dict[str, dict[str, Verdict]]:
    """By path and runtime the verdict on each file."""
    found: dict[str, dict[str, Verdict]] = {}
    for path, file in files.items():
        if isinstance(file, Verdict):
            found[path] = dict.fromkeys(RUNTIMES, file)
        else:
            answers = {name: partial(ask, file, images) for name, ask in _ASK.items()}
            found[path] = {name: _verdict(path, file, ask, expected[path]) for name, ask in answers.items()}
    return found


def _ask_flex(
    files: dict[str, Files], images: np.ndarray, expected: dict[str, np.ndarray], found: Verdicts
) -> None:
    """Adds the verdicts of the Flex environment, where it is installed: on every file with weights, in one process."""
    sound = {
        f"{route} {path}": (route, path, file)
        for route, each in files.items() for path, file in each.items()
        if isinstance(file, bytes) and not _hollow(file)
    }  # fmt: skip
    if not flex.installed():
        return
    answers = flex.predict_all({key: (file, images) for key, (_, _, file) in sound.items()})
    for key, (route, path, file) in sound.items():
        found[route][path][FLEX] = _verdict(path, file, partial(answers.get, key), expected[path])


def _verdict(path: str, file: bytes, ask: Callable[[], np.ndarray], expected: np.ndarray) -> Verdict:
    if not _hollow(file) and not _as_asked(path, file):
        return Verdict(WRONG, "the file is not quantized as asked")
    try:
        answers = ask()
    except (LabError, RuntimeError, ValueError) as error:
        return Verdict(REFUSED, _reason(error))
    if _hollow(file):
        return Verdict(WRONG, "the weights are not in the file (VAR_HANDLE): it answers by chance")
    error = np.abs(answers - expected).max()
    same = np.mean(answers.argmax(axis=1) == expected.argmax(axis=1))
    if error <= TOLERANCES.get(path, INTEGER_TOLERANCE) and same >= SURE:
        return Verdict(RIGHT)
    return Verdict(WRONG, f"the answers are off by {error:.1g}")


def _hollow(file: bytes) -> bool:
    return anatomy(file).has_unfrozen_variables


def _as_asked(path: str, file: bytes) -> bool:
    """Whether the file holds the dtypes that the path is for."""
    found, graph = anatomy(file), anatomy(file).subgraphs[0]
    ends = [graph.tensors[index].dtype for index in (*graph.inputs, *graph.outputs)]
    border = {"full int8": "int8", "full uint8": "uint8"}.get(path, "float32")
    inside = {"float": "float32", "Select": "float32", "float16": "float16", "16x8": "int16"}.get(path, "int8")
    flexible = any(operator.kind == "flex" for operator in graph.operators)
    return set(ends) == {border} and inside in found.dtypes and flexible == PATHS[path].select


def _tf_lite(file: bytes, images: np.ndarray) -> np.ndarray:
    with quiet_failure():
        import tensorflow as tf

        interpreter = tf.lite.Interpreter(model_content=file)
        interpreter.allocate_tensors()
        return Model(interpreter, "the file", 1, True).predict(images)


_ASK = {
    LITERT: lambda file, images: open_model(file).predict(images),
    PLAIN: lambda file, images: open_model(file, xnnpack=False).predict(images),
    TF_LITE: _tf_lite,
}


def _reason(error: Exception) -> str:
    if SELECT in str(error) or "TF Select" in str(error):
        return "the runtime has no Flex delegate"
    return "the weights are not in the file (VAR_HANDLE)" if "variable" in str(error) else _first_line(error)


def _first_line(error: Exception) -> str:
    if "READ_VARIABLE" in str(error) or "variable != nullptr" in str(error):
        return "the weights are not in the file (VAR_HANDLE)"
    return (str(error).strip().splitlines() or [type(error).__name__])[0].split(". ")[0][:160].rstrip(" .:")


def _versions() -> dict[str, str]:
    import tensorflow as tf

    return {"TensorFlow": tf.__version__, "Keras": version("keras"), "LiteRT": version("ai-edge-litert")}
