"""The way of a model: where it comes from, through the converter, by version, and onto a device."""

from matplotlib.figure import Figure

from labutils.show import style
from labutils.show.figures.drawing import Canvas
from labutils.show.figures.source import FigureSource


def workflow() -> Figure:
    """Take, convert, optimize, ship; what does not pass its test goes back."""
    canvas = Canvas(height=40)
    canvas.chain(
        canvas.box(1, 21, 20, 17, "Take", "a trained model,\nor your own", style.GREEN),
        canvas.box(27, 21, 20, 17, "Convert", "to a .tflite file"),
        canvas.box(53, 21, 20, 17, "Optimize", "size, latency,\npower", style.ORANGE),
        canvas.box(79, 21, 20, 17, "Ship", "in an app, on\nany device", style.GREEN),
    )
    canvas.box(27, 2, 46, 11, "Measure", "right? small enough? quick enough?", style.PURPLE)
    canvas.arrow((37, 21), (37, 13))
    canvas.arrow((58, 21), (58, 13))
    canvas.arrow((73, 7.5), (89, 7.5), (89, 21))
    canvas.words(82, 10, "yes")
    canvas.arrow((68, 13), (68, 21))
    canvas.words(69.2, 17, "not yet")
    return canvas.figure


def process() -> Figure:
    """Train, save in one of three forms, convert, run with or without other hardware."""
    canvas = Canvas(height=49)
    train = canvas.box(1, 18, 15, 13, "Train", "Keras", style.GREEN)
    forms = [
        canvas.box(22, y, 23, 12, title, note, style.GREEN)
        for y, title, note in (
            (35, "SavedModel", "a folder, …/1"), (18.5, "Keras model", ".keras, .h5"),
            (2, "Concrete\nfunction", ""),
        )
    ]  # fmt: skip
    converter = canvas.box(51, 17.5, 19, 14, "Converter", "freezes, flattens,\nmay optimize")
    file = canvas.box(76, 35, 22, 12, ".tflite file", "one flat file", style.ORANGE)
    interpreter = canvas.box(76, 18.5, 22, 12, "Interpreter", "on the device")
    hardware = canvas.box(76, 2, 22, 12, "Back ends", "CPU, GPU, NPU", style.PURPLE)
    canvas.arrow(train.right, forms[1].left)
    canvas.arrow(train.top, (8.5, 41), forms[0].left)
    canvas.arrow(train.bottom, (8.5, 8), forms[2].left)
    canvas.arrow(forms[1].right, converter.left)
    canvas.arrow(forms[0].right, (60.5, 41), converter.top)
    canvas.arrow(forms[2].right, (60.5, 8), converter.bottom)
    canvas.arrow(converter.right, (73, 24.5), (73, 41), file.left)
    canvas.arrow(file.bottom, interpreter.top)
    canvas.arrow(interpreter.bottom, hardware.top)
    return canvas.figure


def versions() -> Figure:
    """One folder a version, and who reads which."""
    canvas = Canvas(height=50)
    canvas.group(1, 17, 98, 32, "model_name/")
    note = "saved_model.pb\nvariables/\nfingerprint.pb"
    one, _, three = (
        canvas.box(x, 20, 28, 20.5, f"{n}/", note, style.ORANGE if n == 3 else style.MUTED)
        for n, x in ((1, 4), (2, 36), (3, 68))
    )
    converter = canvas.box(2, 2, 50, 9, "The converter reads the one named", "")
    serving = canvas.box(58, 2, 41, 9, "Serving loads the highest", "", style.GREEN)
    canvas.arrow(one.bottom, (one.bottom[0], converter.top[1]))
    canvas.arrow(three.bottom, (three.bottom[0], serving.top[1]))
    return canvas.figure


def sources() -> Figure:
    """Three ways to a trained model, and what each asks for."""
    canvas = Canvas(height=62)
    rows = (
        ("Take it as it is", "Keras Applications, Kaggle\nModels, Hugging Face", "a common task;\nyou need no data"),
        ("Retrain its end", "keep what it has learned of\nimages, train a new last layer", "own classes;\nsome data"),
        ("Build to measure", "your own layers, small\nfrom the start", "your own task;\nmuch data"),
    )
    model = canvas.box(77, 21.25, 21, 20, "A trained\nmodel", "convert it,\nand compare", style.GREEN)
    for n, (title, note, when) in enumerate(rows):
        y = 43.5 - 20.75 * n
        row = canvas.box(1, y, 40, 17, title, note)
        end = canvas.box(46, y, 24, 17, "when", when, style.MUTED)
        canvas.chain(row, end)
        if n == 1:
            canvas.arrow(end.right, model.left)
        else:
            canvas.arrow(end.right, (87.5, end.right[1]), model.top if n == 0 else model.bottom)
    return canvas.figure


def steps() -> Figure:
    """Build and train, save and convert, verify, deploy; and the way back."""
    canvas = Canvas(height=36)
    canvas.chain(
        canvas.box(1, 16, 20, 18, "1  Build", "design the layers,\ntrain them", style.GREEN),
        canvas.box(27, 16, 20, 18, "2  Convert", "export, then\nthe converter"),
        canvas.box(53, 16, 20, 18, "3  Verify", "in Python, against\nthe model", style.PURPLE),
        canvas.box(79, 16, 20, 18, "4  Deploy", "the file goes\ninto the app", style.ORANGE),
    )
    canvas.arrow((63, 16), (63, 8), (37, 8), (37, 16))
    canvas.words(50, 5, "differs: other settings", side="center")
    canvas.arrow((89, 16), (89, 3), (11, 3), (11, 16))
    return canvas.figure


FIGURES = {
    "8-tflite": FigureSource(
        workflow,
        "The workflow: take, convert, optimize",
        "Four boxes from left to right: take a trained model or your own, convert it to a .tflite file, optimize its "
        "size, latency and power, ship it in an app on any device. Below the middle two a box, measure: is it right, "
        "small enough, quick enough? Arrows lead to it from convert and from optimize; yes leads on to ship, not yet "
        "back to optimize.",
    ),
    "9-process": FigureSource(
        process,
        "The process: train, save, convert, run",
        "From left to right. Training leads to three forms of a model: a SavedModel, which is a folder with a "
        "version; a Keras model, .keras or .h5; a concrete function. All three lead to the converter, which freezes, "
        "flattens and may optimize. It writes a .tflite file, one flat file; the interpreter on the device loads it, "
        "and may use back ends: CPU, GPU, NPU.",
    ),
    "15-export-savedmodel": FigureSource(
        versions,
        "Exporting with a version in the path",
        "A folder named after the model holds three folders side by side, named 1, 2 and 3. Each holds "
        "saved_model.pb, variables and fingerprint.pb. An arrow from 3 says that Serving loads the highest; an "
        "arrow from 1 says that the converter reads the one that is named.",
    ),
    "28-running-models": FigureSource(
        sources,
        "Where models come from",
        "Three rows lead to a trained model, to be converted and compared. Take it as it is, from Keras Applications, "
        "Kaggle Models or Hugging Face: when the task is a common one, without data. Retrain its end, keeping what it "
        "has learned of images and training a new last layer: when you have classes of your own and some data. Build "
        "to measure, your own layers, small from the start: when the task is your own and you have much data.",
    ),
    "29-basic-model-running": FigureSource(
        steps,
        "The steps to a running model",
        "Four boxes from left to right. 1, build: design the layers and train them. 2, convert: export, then the "
        "converter. 3, verify: in Python, against the model. 4, deploy: the file goes into the app. An arrow "
        "leads back from verify to convert: if it differs, other settings. Another leads back from deploy to build.",
    ),
}
