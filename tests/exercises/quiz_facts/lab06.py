"""Lab 06, held against reality. Nothing here needs TensorFlow."""

import numpy as np
from scipy.stats import binomtest

from labutils import data
from labutils.models import asset
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

from .making import graph, raised, said

CNN = asset("digits_cnn.tflite")
INTEGER = asset("digits_cnn_int8.tflite")


class Machine:
    """An interpreter, allocated, whose single calls are short to write."""

    def __init__(self, file=CNN, threads=1):
        from ai_edge_litert.interpreter import Interpreter

        with quiet():
            self.interpreter = Interpreter(str(file), num_threads=threads)
            self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]["index"]
        self.output = self.interpreter.get_output_details()[0]["index"]

    def set(self, image):
        self.interpreter.set_tensor(self.input, image)

    def invoke(self):
        self.interpreter.invoke()

    def get(self):
        return self.interpreter.get_tensor(self.output)

    def answer(self, image):
        self.set(image)
        self.invoke()
        return self.get()


def two_images():
    inputs = data.for_cnn(data.digits("test")[0])
    return inputs[:1], inputs[1:2]


def second_image():
    first, second = two_images()
    machine = Machine()
    before = machine.answer(first)
    machine.set(second)
    read = said(machine.get)
    assert not np.allclose(before, machine.answer(second))
    return {
        "An error": raised(read),
        "The first image's answer": not raised(read) and np.array_equal(read, before),
        "Zeros": not raised(read) and not np.any(read),
    }


def kept_views():
    first, second = two_images()
    expected = [Machine().answer(image) for image in (first, second)]
    machine, kept = Machine(), []

    def loop():
        for image in (first, second):
            machine.set(image)
            machine.invoke()
            kept.append(machine.interpreter.tensor(machine.output)())

    ended = said(loop)
    return {
        "The list holds the second": not raised(ended) and np.array_equal(kept[0], expected[1]),
        "The list holds both": not raised(ended) and np.array_equal(kept[0], expected[0]),
        "`invoke` raises": len(kept) == 1 and "reference to internal data" in str(ended),
    }


def damage():
    content, found = CNN.read_bytes(), graph(CNN)
    kernel = max(found.tensors, key=lambda tensor: tensor.bytes)
    weights = open_model(CNN).interpreter.get_tensor(kernel.index).tobytes()
    start = content.find(weights)

    def written(place, new):
        return content[:place] + new + content[place + len(new) :]

    def refused(changed):
        from ai_edge_litert.interpreter import Interpreter

        return raised(said(lambda: Interpreter(model_content=changed)))

    flipped = written(start + 3, bytes([content[start + 3] ^ 0b0100_0000]))
    other_weights = written(start, bytes(1000))
    layout = written(0, b"\xff\xff\xff\x7f")
    assert refused(content[: len(content) * 9 // 10]) and not refused(flipped)
    assert np.isfinite(open_model(other_weights).predict(two_images()[0])).all()  # it loads, and it runs
    return {
        "What is hit": refused(layout) and not refused(other_weights),
        "How much is hit": refused(other_weights),
        "When it is seen": refused(flipped) or refused(other_weights),
    }


def num_threads():
    """Two requests in an order that threads may fall into: both set their image before the first one's invoke."""
    images = two_images()
    expected = [Machine().answer(image) for image in images]

    def served(machines):
        answers = []
        for machine, image in zip(machines, images, strict=True):
            machine.set(image)
        for machine in machines:
            machine.invoke()  # one at a time: as with a lock around it
            answers.append(machine.get())
        return all(np.allclose(a, b, atol=1e-5) for a, b in zip(answers, expected, strict=True))

    with_threads, locked = Machine(threads=4), Machine()
    return {
        "One interpreter, made": served([with_threads, with_threads]),
        "One interpreter, with a lock": served([locked, locked]),
        "Four interpreters": served([Machine(), Machine()]),
    }


def bytes_in():
    wanted = next(iter(open_model(INTEGER).inputs.values()))
    assert (round(1 / wanted.scale), wanted.zero_point, wanted.dtype) == (255, -128, np.int8)
    pixel = np.arange(256, dtype=np.uint8)
    right = wanted.quantize(pixel / 255)
    given = {
        "`pixel.astype(np.int8)`": lambda: pixel.astype(np.int8),
        "`(pixel / 255.0).astype(np.int8)`": lambda: (pixel / 255.0).astype(np.int8),
        "`(pixel - 128.0).astype(np.int8)`": lambda: (pixel - 128.0).astype(np.int8),
        "`(pixel // 2).astype(np.int8)`": lambda: (pixel // 2).astype(np.int8),
    }
    return {code: np.array_equal(formula(), right) for code, formula in given.items()}


def interval():
    def width(images):
        found = binomtest(round(0.97 * images), images).proportion_ci(method="wilson")
        return found.high - found.low

    assert 0.035 < width(360) < 0.04
    half = {count: abs(width(count) / width(360) - 0.5) < 0.05 for count in (720, 1440, 5760)}
    return {"Twice": half[720], "Four times": half[1440], "Sixteen": half[5760]}


FACTS = {
    "06.second_image": second_image,
    "06.kept_views": kept_views,
    "06.damage": damage,
    "06.num_threads": num_threads,
    "06.bytes_in": bytes_in,
    "06.interval": interval,
}
