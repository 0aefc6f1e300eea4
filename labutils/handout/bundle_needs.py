"""What each lab reads beside its own notebook: weights of labutils/assets, and data that lie beside the notebooks."""

from __future__ import annotations

from collections.abc import Sequence

from labutils.course.catalog import Lab
from labutils.models import ASSETS

CNN, CNN_INT8, NEURON = "digits_cnn.tflite", "digits_cnn_int8.tflite", "neuron.tflite"
NET, NET_WEIGHTS = "mobilenet_v2_digits.tflite", "mobilenet_v2_digits.npz"
# By a lab's name: whatever its cells read, with any values of its parameters, and the checks of its exercises.
WEIGHTS: dict[str, tuple[str, ...]] = {
    "00_on_device_ai": (CNN, NET, NET_WEIGHTS),
    "01_single_neuron": (CNN, NET),
    "02_mobilenet_v2": (NET_WEIGHTS,),
    "03_command_line": (CNN, NET_WEIGHTS),
    "04_quantization": (CNN_INT8, NET, NET_WEIGHTS),
    "05_tf_select": (),
    "06_interpreter": (CNN, CNN_INT8, NET),
    "07_paths": (CNN, CNN_INT8, NET_WEIGHTS),
    "08_smaller_models": (CNN, NET),
    "09_delegates_and_speed": (CNN, NET, NET_WEIGHTS, NEURON),
    "10_to_a_device": (NET_WEIGHTS,),
    "11_museum_of_errors": (CNN, CNN_INT8, NEURON),
}
BESIDE: dict[str, tuple[str, ...]] = dict.fromkeys(WEIGHTS, ()) | {"07_paths": ("support.json",)}


def weights(labs: Sequence[Lab]) -> list[str]:
    """The names of the weights that these labs read; a lab that is not known here gets all that there are.

    >>> from labutils.course.catalog import find_lab
    >>> weights([find_lab("01"), find_lab("05")])
    ['digits_cnn.tflite', 'mobilenet_v2_digits.tflite']
    """
    every = [path.name for path in ASSETS.iterdir() if path.suffix in (".npz", ".tflite")]
    found: set[str] = set()
    for lab in labs:
        found.update(WEIGHTS.get(lab.slug, every))
    return sorted(found)


def beside(labs: Sequence[Lab]) -> list[str]:
    """The names of the JSON files beside the notebooks that these labs read; all of them where a lab is not known here.

    >>> from labutils.course.catalog import find_lab
    >>> beside([find_lab("06"), find_lab("07")])
    ['support.json']
    """
    found: set[str] = set()
    for lab in labs:
        every = [path.name for path in lab.notebook.parent.glob("*.json")]
        found.update(BESIDE.get(lab.slug, every))
    return sorted(found - {"measured.json"})  # the costs of all labs: a release has those of its own
