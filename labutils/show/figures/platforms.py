"""The diagrams of labs 00, 02 and 03: a platform and its parts, versions of a model, the block of MobileNetV2."""

from matplotlib.figure import Figure

from labutils.show import style
from labutils.show.figures.drawing import Canvas


def features() -> Figure:
    """1: six features, and what lab 00 measures of each."""
    canvas = Canvas(height=31)
    boxes = [
        ("Small", "bytes of the file, and of\nwhat is needed to run it", style.BLUE),
        ("Quick", "seconds to a first answer,\nmilliseconds to the next", style.BLUE),
        ("No connection", "a round trip to a server,\nbeside none at all", style.GREEN),
        ("Private", "an answer from a process\nthat may open no socket", style.GREEN),
        ("Frugal", "bytes of working memory;\npower: published figures", style.ORANGE),
        ("Pre-trained models", "how many come with\nKeras, and with the course", style.ORANGE),
    ]
    for n, (title, note, color) in enumerate(boxes):
        canvas.box(1 + 33.25 * (n % 3), 17 - 15.5 * (n // 3), 31.5, 12.5, title, note, color)
    return canvas.figure


def architecture() -> Figure:
    """3: from a trained model through the converter to an app, the interpreter and the hardware."""
    canvas = Canvas(height=58)
    canvas.group(1, 1, 27, 56, "On your computer")
    canvas.group(46, 1, 53, 56, "On the device")
    canvas.box(3, 36, 23, 13, "Trained model", "TensorFlow, Keras,\nJAX, PyTorch", style.GREEN)
    canvas.box(3, 10, 23, 15, "Converter", "freezes, flattens,\nmay optimize", style.BLUE)
    canvas.arrow((14.5, 36), (14.5, 25))
    canvas.box(30.5, 11, 13, 13, ".tflite", "one file", style.ORANGE)
    canvas.arrow((26, 17.5), (30.5, 17.5))
    canvas.box(60, 41, 26, 10, "Your app", "Kotlin, Swift, C++, JS …", style.GREEN)
    canvas.box(60, 25.5, 26, 12, "Interpreter", "plans the memory,\nruns the operators", style.BLUE)
    canvas.path((37, 24), (37, 31.5), (60, 31.5))
    canvas.arrow((69, 41), (69, 37.5))
    canvas.arrow((77, 37.5), (77, 41))
    canvas.box(48, 12.5, 22, 10, "Kernels", "built in, or XNNPACK", style.BLUE)
    canvas.box(75, 12.5, 22, 10, "Delegates", "GPU, NPU, Edge TPU", style.PURPLE)
    canvas.arrow((66, 25.5), (66, 22.5))
    canvas.arrow((80, 25.5), (80, 22.5))
    canvas.box(48, 2.5, 22, 6.5, "Processor", "", style.MUTED)
    canvas.box(75, 2.5, 22, 6.5, "Accelerator", "", style.MUTED)
    canvas.arrow((59, 12.5), (59, 9))
    canvas.arrow((86, 12.5), (86, 9))
    return canvas.figure


def versions() -> Figure:
    """15: one folder a version, and who reads which."""
    canvas = Canvas(height=43)
    canvas.group(1, 13, 98, 29, "model_name/")
    for n, x in enumerate((4, 36, 68)):
        canvas.box(x, 16, 28, 18.5, f"{n + 1}/", "saved_model.pb\nvariables/\nfingerprint.pb",
                   style.ORANGE if n == 2 else style.MUTED)
    canvas.box(67, 1, 30, 8, "Serving loads the highest", "", style.GREEN)
    canvas.box(4, 1, 60, 8, "The converter reads the one that you name, here 1", "", style.BLUE)
    canvas.arrow((82, 16), (82, 9))
    canvas.arrow((18, 16), (18, 9))
    return canvas.figure


def inverted_residual() -> Figure:
    """The block of MobileNetV2, thin at its ends, and the classic block, thin in its middle."""
    canvas = Canvas(height=61)
    canvas.group(1, 1, 60, 59, "Inverted residual (MobileNetV2)")
    canvas.group(64, 1, 35, 59, "Classic residual (ResNet)")
    inverted = ["1 × 1 expand, × 6\nReLU6", "3 × 3 depthwise\nReLU6", "1 × 1 project\nlinear"]
    _block(canvas, 32, 6, [(8, "24"), (44, "144 channels"), (44, "144 channels"), (8, "24")], inverted)
    classic = ["1 × 1 reduce\nReLU", "3 × 3\nReLU", "1 × 1 expand\nReLU after +"]
    _block(canvas, 83, 66.5, [(24, "256 channels"), (7, "64"), (7, "64"), (24, "256 channels")], classic)
    return canvas.figure


def _block(canvas: Canvas, middle: float, way: float, tensors: list[tuple[float, str]], steps: list[str]) -> None:
    """Four tensors below each other, as wide as they have channels; three steps between; a shortcut at x = way."""
    height, step = 5.5, 14.5
    tops = [52.5 - n * step for n in range(4)]
    for n, (width, text) in enumerate(tensors):
        color = style.VERMILION if n in (0, 3) else style.BLUE
        canvas.bar(middle - width / 2, tops[n] - height, width, height, text, color)
    for n, text in enumerate(steps):
        canvas.arrow((middle, tops[n] - height), (middle, tops[n + 1]))
        canvas.label(middle + 1.8, tops[n] - height - (step - height) / 2, text)
    sides = [middle - tensors[n][0] / 2 for n in (0, 3)]
    levels = [tops[n] - height / 2 for n in (0, 3)]
    canvas.path((sides[0], levels[0]), (way, levels[0]), (way, levels[1]), (sides[1], levels[1]))
    canvas.axes.text(sides[1] - 2, levels[1] + 1.6, "+", fontsize=15, color=style.INK, ha="center", va="center")
