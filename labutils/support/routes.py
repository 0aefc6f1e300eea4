"""The ways from a Keras model to a converter, right and wrong. TensorFlow is imported inside the functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

# Takes a model with one input and a folder for its files; gives what makes a new tf.lite.TFLiteConverter each time.
Route = Callable[["keras.Model", Path], Callable[[], Any]]


def _lite() -> Any:
    import tensorflow as tf

    return tf.lite.TFLiteConverter


def _traced(model: keras.Model) -> tuple[Any, Any]:
    """The computation for one row: as a tf.function, and as its concrete function."""
    import tensorflow as tf

    call = tf.function(lambda x: model(x, training=False))
    return call, call.get_concrete_function(tf.TensorSpec([1, *model.input_shape[1:]], tf.float32, name="x"))


def _keras_model(model: keras.Model, folder: Path) -> Callable[[], Any]:
    return lambda: _lite().from_keras_model(model)


def _keras_file(suffix: str) -> Route:
    def route(model: keras.Model, folder: Path) -> Callable[[], Any]:
        import keras

        model.save(folder / f"model{suffix}")
        loaded = keras.models.load_model(folder / f"model{suffix}", compile=False)
        return lambda: _lite().from_keras_model(loaded)

    return route


def _exported(model: keras.Model, folder: Path) -> Callable[[], Any]:
    model.export(folder / "exported", verbose=False)
    return lambda: _lite().from_saved_model(str(folder / "exported"))


def _saved(model: keras.Model, folder: Path) -> Callable[[], Any]:
    import tensorflow as tf

    tf.saved_model.save(model, str(folder / "saved"))
    return lambda: _lite().from_saved_model(str(folder / "saved"))


def _saved_with_signatures(model: keras.Model, folder: Path) -> Callable[[], Any]:
    import tensorflow as tf

    tf.saved_model.save(model, str(folder / "signed"), signatures=_traced(model)[1])
    return lambda: _lite().from_saved_model(str(folder / "signed"))


def _module_around(model: keras.Model, folder: Path) -> Callable[[], Any]:
    import tensorflow as tf

    module = tf.Module()
    module.model = model
    module.serve, concrete = _traced(model)
    tf.saved_model.save(module, str(folder / "module"), signatures=concrete)
    return lambda: _lite().from_saved_model(str(folder / "module"))


def _concrete_function(model: keras.Model, folder: Path) -> Callable[[], Any]:
    concrete = _traced(model)[1]
    return lambda: _lite().from_concrete_functions([concrete])


def _concrete_function_and_model(model: keras.Model, folder: Path) -> Callable[[], Any]:
    concrete = _traced(model)[1]
    return lambda: _lite().from_concrete_functions([concrete], model)


def _frozen(model: keras.Model, folder: Path) -> Callable[[], Any]:
    from labutils.tflite.variants import freeze

    return freeze(model).converter


ROUTES: dict[str, Route] = {
    "from_keras_model(model)": _keras_model,
    "... of a .keras file": _keras_file(".keras"),
    "... of an .h5 file": _keras_file(".h5"),
    "model.export, then from_saved_model": _exported,
    "tf.saved_model.save, then from_saved_model": _saved,
    "... with signatures=": _saved_with_signatures,
    "... of a tf.Module that holds the model": _module_around,
    "from_concrete_functions([f])": _concrete_function,
    "from_concrete_functions([f], model)": _concrete_function_and_model,
    "from_concrete_functions of a frozen f": _frozen,
}
