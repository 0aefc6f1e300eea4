"""What can be converted: a SavedModel folder or a Keras file; told apart, checked, loaded, and asked for its answers.

TensorFlow and Keras are imported only inside the functions: what can be refused without them is refused at once.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.tflite.quiet import quiet_failure
from labutils.tflite.samples import Input, Samples, batch_size

HDF5 = b"\x89HDF\r\n\x1a\n"
CHUNK = 64  # rows at a time where the batch is free
DEFAULT = "serving_default"


@dataclass(frozen=True)
class Source:
    """A model that is loaded and can be converted.

    signatures: those that the file will have. inputs: of the first of them. make_converter: a new
    tf.lite.TFLiteConverter. ask: one batch by input name -> answers by output name, as the file will name them.
    """

    path: Path
    kind: str
    signatures: tuple[str, ...]
    inputs: tuple[Input, ...]
    make_converter: Callable[[], Any]
    ask: Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]

    def answers(self, samples: Samples) -> dict[str, np.ndarray]:
        """The model's answers, by output name. Raises LabError when TensorFlow does not accept the inputs."""
        try:
            with quiet_failure():
                parts = [self.ask(batch) for batch in samples.batches(batch_size(self.inputs) or CHUNK)]
            joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        except LabError:
            raise
        except Exception as error:  # TensorFlow and Keras raise as many kinds as a model can be asked wrongly
            cure = ": give its own with --parity_data." if samples.made_up else "."
            why = f"{self.path.name} itself does not accept {samples.origin} ({first_line(error)})"
            raise LabError(why + cure) from None
        return joined


def check_source(path: Path) -> str:
    """What the path is, "SavedModel" or "Keras file", from the outside. Raises LabError when it is neither."""
    if path.is_dir():
        if (path / "saved_model.pb").is_file() or (path / "saved_model.pbtxt").is_file():
            return "SavedModel"
        versions = sorted(int(each.parent.name) for each in path.glob("*/saved_model.pb") if each.parent.name.isdigit())
        if versions:
            listed = ", ".join(map(str, versions))
            raise LabError(f"{path} holds the versions {listed}: name the version: {path / str(versions[-1])}")
        raise LabError(f"{path} is no SavedModel: it holds no saved_model.pb; write one with model.export().")
    if not path.exists():
        raise LabError(f"There is no model at {path}: correct the path, or export or save the model first.")
    return _check_keras_file(path)


def _check_keras_file(path: Path) -> str:
    if path.suffix not in (".keras", ".h5", ".hdf5"):
        raise LabError(f"{path.name} is no Keras file: give one that model.save() wrote, .keras or .h5.")
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise LabError(f"{path} cannot be read ({error.strerror}): check its permissions.") from None
    if path.suffix != ".keras" and start != HDF5:
        raise LabError(f"{path.name} is no HDF5 file, or damaged: save the model again.")
    if path.suffix == ".keras":
        try:
            with zipfile.ZipFile(path) as archive:
                torn = archive.testzip() or ("config.json" not in archive.namelist() and "config.json is missing")
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, zlib.error):
            torn = "it is no whole zip archive"
        if torn:
            raise LabError(f"{path.name} is damaged ({torn}): save the model again.")
    return "Keras file"


def open_source(path: Path, signature_keys: Sequence[str] | None = None, tags: set[str] | None = None) -> Source:
    """Load a SavedModel folder or a Keras file.

    signature_keys: of a SavedModel; None for those that the converter takes by itself. tags: of its graph; None for
    "serve". Raises LabError when the model is missing, damaged, or of another kind, or has no such signature or tag.
    """
    if check_source(path) == "SavedModel":
        _check_tags(path, tags)
        return _open_saved_model(path, signature_keys, tags)
    if signature_keys or tags:
        raise LabError("Signatures and tags belong to a SavedModel: leave them out for a Keras file.")
    return _open_keras_file(path)


def _check_tags(path: Path, tags: set[str] | None) -> None:
    """Raises LabError unless the SavedModel holds a graph with just these tags."""
    with quiet_failure():
        from google.protobuf.message import DecodeError
        from tensorflow.python.saved_model.loader_impl import parse_saved_model

        try:
            graphs = parse_saved_model(str(path)).meta_graphs
        except (OSError, DecodeError, ValueError):
            graphs = None
    if not graphs:
        raise LabError(f"{path / 'saved_model.pb'} is damaged: export the model again.")
    found = [set(graph.meta_info_def.tags) for graph in graphs]
    if (tags if tags is not None else {"serve"}) not in found:
        known = " or ".join(",".join(sorted(each)) or '""' for each in found)
        asked = ",".join(sorted(tags)) if tags is not None else "serve"
        raise LabError(f'{path} has no graph with the tags "{asked}": give --saved_model_tag_set {known}')


def _open_saved_model(path: Path, signature_keys: Sequence[str] | None, tags: set[str] | None) -> Source:
    with quiet_failure():
        import tensorflow as tf

        try:
            loaded = tf.saved_model.load(str(path), tags=sorted(tags) if tags is not None else None)
        except Exception as error:  # missing variables, unknown operators, other versions
            raise LabError(f"{path} cannot be loaded ({first_line(error)}): export the model again.") from None
    known = list(loaded.signatures)
    if not known:
        raise LabError(f"{path} has no signature: save it with signatures=, or write it with model.export().")
    wanted = list(signature_keys or [])
    for key in wanted:
        if key not in known:
            raise LabError(f"{path} has no signature {key!r}: there are {', '.join(known)}.")
    first = (wanted or [DEFAULT if DEFAULT in known else known[0]])[0]
    # Keras 3 exports `serve` beside `serving_default`: the converter takes the second alone.
    kept = tuple(wanted) or ((DEFAULT,) if hasattr(loaded, "serve") and DEFAULT in known else tuple(known))
    specs = loaded.signatures[first].structured_input_signature[1]
    inputs = tuple(_input(name, spec.shape, spec.dtype.name) for name, spec in sorted(specs.items()))

    def ask(batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        answers = loaded.signatures[first](**{name: tf.constant(value) for name, value in batch.items()})
        return {name: value.numpy() for name, value in answers.items()}

    def make_converter() -> Any:
        return tf.lite.TFLiteConverter.from_saved_model(
            str(path), signature_keys=wanted or None, tags=set(tags) if tags is not None else None
        )

    return Source(path, "SavedModel", kept, inputs, make_converter, ask)


def _open_keras_file(path: Path) -> Source:
    with quiet_failure():
        import keras
        import tensorflow as tf

        try:
            model = keras.models.load_model(path, compile=False)
        except Exception as error:  # Keras raises ValueError, TypeError, OSError, KeyError, and those of its parts
            raise LabError(_why_not_loaded(path.name, str(error))) from None
    if not getattr(model, "inputs", None):
        raise LabError(f"{path.name} was never built: begin it with keras.Input(...), then save it again.")
    inputs = tuple(_input(each.name, each.shape, str(each.dtype)) for each in model.inputs)

    def ask(batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        values = [batch[each.name] for each in inputs]
        answers = model(values if len(values) > 1 else values[0], training=False)
        if not isinstance(answers, dict):  # the names that an export gives
            listed = answers if isinstance(answers, (list, tuple)) else [answers]
            answers = {f"output_{number}": each for number, each in enumerate(listed)}
        return {name: np.asarray(each) for name, each in answers.items()}

    return Source(
        path, "Keras file", (DEFAULT,), inputs, lambda: tf.lite.TFLiteConverter.from_keras_model(model), ask
    )


def _input(name: str, shape: Any, dtype: str) -> Input:
    if getattr(shape, "rank", 0) is None:  # a TensorShape of unknown rank
        return Input(name, None, dtype)
    return Input(name, tuple(-1 if size is None else int(size) for size in shape), dtype)


def _why_not_loaded(name: str, message: str) -> str:
    export = "load it in your own code, call model.export(dir), and convert that with --saved_model_dir."
    if "Lambda" in message:
        return f"{name} holds a Lambda layer, whose code a file does not safely carry: {export}"
    own = re.search(r"Unknown (?:layer|object|class)[^']*'([^']+)'", message) or re.search(
        r"'module': None, 'class_name': '([^']+)'|[Cc]ould not locate (?:class|function) '([^']+)'", message
    )
    if own:
        return f"{name} needs code of your own ({next(filter(None, own.groups()))}): {export}"
    if "No model config found" in message:
        return f"{name} holds weights without a model: save the whole model with model.save()."
    return f"{name} cannot be loaded as a Keras model ({first_line(message)}): save it again with model.save()."


def first_line(error: object) -> str:
    """The beginning of an error's text, for brackets within a sentence."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160].rstrip(" .:")
