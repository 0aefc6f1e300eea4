"""The platform: what it must offer, its parts, its architecture, and what a delegate takes over."""

from matplotlib.figure import Figure

from labutils.show import style
from labutils.show.figures.drawing import GROUP, Canvas
from labutils.show.figures.source import FigureSource


def features() -> Figure:
    """Six features, and what lab 00 measures of each."""
    canvas = Canvas(height=36)
    boxes = [
        ("Small", "bytes of the file, and\nof what runs it", style.BLUE),
        ("Quick", "time of a first answer,\nand of the next", style.BLUE),
        ("No connection", "a round trip to a server,\nbeside none at all", style.GREEN),
        ("Private", "an answer from a process\nthat opens no socket", style.GREEN),
        ("Frugal", "working memory;\npower, as published", style.ORANGE),
        ("Pre-trained models", "how many come with\nKeras and the course", style.ORANGE),
    ]
    for n, (title, note, color) in enumerate(boxes):
        canvas.box(1 + 33.25 * (n % 3), 19 - 17.75 * (n // 3), 31.5, 15.75, title, note, color)
    return canvas.figure


def components() -> Figure:
    """The converter on the computer, the interpreter on the device."""
    canvas = Canvas(height=52)
    canvas.group(1, 1, 39, 50, "On your computer")
    canvas.group(45, 1, 54, 50, "On the device")
    model = canvas.box(4, 28, 33, 15, "Trained model", "SavedModel, Keras model,\nconcrete function", style.GREEN)
    converter = canvas.box(4, 5, 33, 15, "Converter", "knows all operators;\ncan optimize")
    canvas.arrow(model.bottom, converter.top)
    file = canvas.box(48, 5, 18, 15, ".tflite file", "one flat file", style.ORANGE)
    interpreter = canvas.box(74, 5, 22, 15, "Interpreter", "small; knows\nfew operators")
    canvas.chain(converter, file, interpreter)
    canvas.box(48, 28, 30, 15, "Delegate", "optional: XNNPACK,\nGPU, NPU, Edge TPU", style.PURPLE)
    canvas.box(83, 28, 13, 15, "Answer", "", style.GREEN)
    canvas.arrow((76, 20), (76, 28))
    canvas.arrow((89.5, 20), (89.5, 28))
    return canvas.figure


def architecture() -> Figure:
    """From a trained model through the converter to an app, the interpreter and the hardware."""
    canvas = Canvas(height=78)
    canvas.group(1, 1, 28, 76, "On your computer")
    canvas.group(49, 1, 50, 76, "On the device")
    model = canvas.box(3.5, 52, 23, 16, "Trained\nmodel", "Keras, JAX,\nPyTorch", style.GREEN)
    converter = canvas.box(3.5, 21, 23, 15, "Converter", "freezes, flattens,\nmay optimize")
    canvas.arrow(model.bottom, converter.top)
    file = canvas.box(32, 22.5, 14, 12, ".tflite", "one file", style.ORANGE)
    canvas.chain(converter, file)
    canvas.box(60, 57, 28, 12, "Your app", "Kotlin, Swift, C++, JS", style.GREEN)
    interpreter = canvas.box(60, 37, 28, 14, "Interpreter", "plans the memory,\nruns the operators")
    canvas.arrow(file.top, (39, 44), interpreter.left)
    canvas.arrow((69, 57), (69, 51))
    canvas.arrow((79, 51), (79, 57))
    kernels = canvas.box(51, 17, 22, 14, "Kernels", "built in,\nor XNNPACK")
    delegates = canvas.box(75, 17, 22, 14, "Delegates", "GPU, NPU,\nEdge TPU", style.PURPLE)
    canvas.arrow((66, 37), (66, 31))
    canvas.arrow((82, 37), (82, 31))
    canvas.arrow(kernels.bottom, canvas.box(51, 3.5, 22, 7.5, "Processor", "", style.MUTED).top)
    canvas.arrow(delegates.bottom, canvas.box(75, 3.5, 22, 7.5, "Accelerator", "", style.MUTED).top)
    return canvas.figure


def delegates() -> Figure:
    """A graph before and after a delegate has taken what it can, and the hardware behind delegates."""
    canvas = Canvas(height=77)
    canvas.group(1, 56, 98, 20, "The graph in the file")
    names = ("CONV_2D", "ADD", "SIN", "MEAN", "SOFTMAX")
    width, gap = 16.2, 3.25
    places = [3 + n * (width + gap) for n in range(len(names))]
    canvas.chain(*(
        canvas.box(x, 58.5, width, 9.5, name, "", style.MUTED if name == "SIN" else style.PURPLE)
        for x, name in zip(places, names, strict=True)
    ))  # fmt: skip
    canvas.group(1, 27, 98, 22, "What the interpreter runs", below=True)
    pair = 2 * width + gap
    canvas.chain(
        canvas.box(places[0], 34, pair, 12.5, "DELEGATE", "computes two operators", style.PURPLE),
        canvas.box(places[2], 34, width, 12.5, "SIN", "by a kernel", style.MUTED),
        canvas.box(places[3], 34, pair, 12.5, "DELEGATE", "computes two operators", style.PURPLE),
    )
    for x in places:
        canvas.arrow((x + width / 2, 58.5), (x + width / 2, 46.5))
    canvas.text(3, 22.5, "Delegates, and what they want", GROUP, style.MUTED, side="left", weight="bold")
    hardware = (
        ("XNNPACK", "a processor;\non by default"), ("GPU", "floats, best\nof 16 bits"),
        ("Core ML", "an Apple\ndevice"), ("NNAPI", "Android,\nbefore 15"), ("Edge TPU", "8-bit integers\nalone"),
    )  # fmt: skip
    for n, (name, note) in enumerate(hardware):
        canvas.box(1 + 19.75 * n, 2, 19, 16, name, note)
    return canvas.figure


FIGURES = {
    "1-features": FigureSource(
        features,
        "What a mobile AI platform must offer",
        "Six boxes, each a feature with what is measured of it. Small: bytes of the file and of what runs it. "
        "Quick: time of a first answer and of the next. No connection: a round trip to a server beside none. "
        "Private: an answer from a process that opens no socket. Frugal: working memory, and power as published. "
        "Pre-trained models: how many come with Keras and the course.",
    ),
    "2-components": FigureSource(
        components,
        "Its two components: converter and interpreter",
        "Two areas. On your computer, an arrow leads from a trained model to the converter. From there an arrow leads "
        "to the device: to a .tflite file, then to the interpreter, which gives an answer and may hand work to a "
        "delegate.",
    ),
    "3-architecture": FigureSource(
        architecture,
        "The architecture, from a trained model to the hardware",
        "Two areas. On your computer, a trained model goes to the converter, which writes a .tflite file. On the "
        "device, the interpreter loads that file; your app asks it and gets the answer. The interpreter runs "
        "operators by kernels on the processor, or hands them to delegates, which use an accelerator.",
    ),
    "5-delegates": FigureSource(
        delegates,
        "What a delegate takes over",
        "Above, the graph in the file, five operators in a row: CONV_2D, ADD, SIN, MEAN, SOFTMAX. Arrows lead down to "
        "what the interpreter runs: a node DELEGATE that computes the first two, SIN by a kernel of its own, and a "
        "second DELEGATE for the last two. At the foot five delegates and what they want: XNNPACK a processor, and it "
        "is on by default; GPU floats, best of 16 bits; Core ML an Apple device; NNAPI Android, before version 15; "
        "Edge TPU 8-bit integers alone.",
    ),
}
