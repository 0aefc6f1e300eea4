"""The diagrams: one function each, from nothing to a finished canvas."""

from matplotlib.figure import Figure

from labutils.show import style
from labutils.show.figures.drawing import Canvas


def components() -> Figure:
    """2: the converter on the computer, the interpreter on the device."""
    canvas = Canvas(height=46)
    canvas.group(1, 1, 42, 44, "On your computer")
    canvas.group(48, 1, 51, 44, "On the device")
    canvas.box(4, 27, 36, 12, "Trained model", "SavedModel, Keras model,\nconcrete function", style.GREEN)
    canvas.box(4, 5, 36, 13, "Converter", "needs TensorFlow; all operators;\ncan optimize", style.BLUE)
    canvas.arrow((22, 27), (22, 18))
    canvas.box(51, 5, 17, 13, ".tflite file", "one flat file", style.ORANGE)
    canvas.arrow((40, 11.5), (51, 11.5))
    canvas.box(77, 5, 19, 13, "Interpreter", "small; few\noperators", style.BLUE)
    canvas.arrow((68, 11.5), (77, 11.5))
    canvas.box(51, 27, 30, 12, "Delegate (optional)", "XNNPACK, GPU, NPU,\nEdge TPU", style.PURPLE)
    canvas.box(85, 27, 11, 12, "Answer", "", style.GREEN)
    canvas.arrow((90.5, 18), (90.5, 27))
    canvas.arrow((79, 18), (79, 27))
    return canvas.figure


def process() -> Figure:
    """9: save, convert, write, run."""
    canvas = Canvas(height=18)
    steps = [
        ("Keras model", "layers, weights,\ntraining", style.GREEN),
        ("SavedModel", "export() writes\na folder, …/1", style.GREEN),
        ("Converter", "freezes, flattens,\nmay optimize", style.BLUE),
        (".tflite file", "one flat file,\nany device", style.ORANGE),
        ("Interpreter", "five calls,\non the device", style.BLUE),
    ]
    width, gap = 15.4, 5.25
    for n, (title, note, color) in enumerate(steps):
        x = 1 + n * (width + gap)
        canvas.box(x, 2, width, 14, title, note, color)
        if n:
            canvas.arrow((x - gap, 9), (x, 9))
    return canvas.figure
