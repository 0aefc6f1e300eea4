"""The quiz of lab 07: what each path notices, what figures prove, and what a device takes."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "07.who_raises",
        "A Keras model reaches the converter by `tf.saved_model.save`, a route that loses its weights. On which path "
        "does the conversion stop with an error?",
        (
            wrong(
                "Float: it has to write the weights.",
                "It writes what it has: a graph that reads variables. No weight is missed.",
            ),
            wrong(
                "Dynamic range: it has to round the weights.",
                "It rounds the constants that it finds. Here there are none, and it goes on.",
            ),
            wrong(
                "Float16: it has to halve the weights.",
                "It halves the constants that it finds. Here there are none, and it goes on.",
            ),
            right(
                "Integer: it has to run the model.",
                "Calibration runs the model on your samples, and stops at a variable that has no value. The other "
                "paths never run it.",
            ),
        ),
    ),
    Question(
        "07.edge_tpu_place",
        "A full integer model has one operator that the Edge TPU lacks. At which place does it keep most of the "
        "others off the chip?",
        (
            right(
                "At the beginning, before all the others.",
                "The compiler cuts the graph once: that operator and all after it run on the processor, here nearly "
                "everything.",
            ),
            wrong(
                "At the end, where the answer is made.",
                "There it costs least: all before it stays on the chip.",
            ),
            wrong(
                "At any place: only that one moves.",
                "The compiler cuts once, and does not come back to the chip behind the operator.",
            ),
        ),
    ),
    Question(
        "07.why_uint8",
        "Full int8 and full uint8 differ only at the border, and the int8 file is a little smaller. What can speak "
        "for shipping the uint8 file?",
        (
            wrong(
                "It is more exact, since no number is lost to the sign.",
                "Both have 256 numbers for the same range. Only the zero point is another.",
            ),
            right(
                "Some devices take bytes at the border, and no int8.",
                "LiteRT in the browser is one of them. A file that loses on the chart can be the one that fits.",
            ),
            wrong(
                "Its weights are unsigned too, as some devices ask.",
                "Its weights are int8, as in the other file: a `QUANTIZE` at each end changes the border, and nothing "
                "inside.",
            ),
        ),
    ),
    Question(
        "07.equal_counts",
        "Two of the files read the same 358 of 360 test images right. By how much may their accuracies on all images "
        "of the kind still differ?",
        (
            wrong(
                "Not at all, as both were asked the same images.",
                "The same images make the comparison fair. They do not make 360 images stand for all.",
            ),
            wrong(
                "By one image in 360, as one more could be lost.",
                "One image more or less is how finely you can count, and not how sure the figure is.",
            ),
            right(
                "By a point and more, as each interval is that wide.",
                "The 95 % interval of each runs from 98.0 % to 99.8 %. That is why the lab also looks at the error of "
                "the probabilities.",
            ),
        ),
    ),
    Question(
        "07.float16_memory",
        "A float16 file has half the bytes of the float one. Now both run on plain kernels that compute in float32. "
        "Compared with the float file, how much memory do its weights and its arena take?",
        (
            right(
                "More: float32 copies of the weights come on top.",
                "`DEQUANTIZE` unpacks the weights into the arena, and the halves stay where they were. Half the "
                "download is not half the memory.",
            ),
            wrong(
                "Half: the weights are used as they lie in the file.",
                "A GPU may use them so. A kernel for float32 needs float32, and a `DEQUANTIZE` before it.",
            ),
            wrong(
                "As much: the copies take the place of the halves.",
                "The file stays where it is while the model runs, so halves and copies are there together.",
            ),
        ),
    ),
    Question(
        "07.other_machine",
        "On the machine of the lab's page the dynamic range file is slower than the float one. You ship to a phone. "
        "Which figure do you put into the comparison?",
        (
            wrong(
                "The page's ratio, which does not depend on the clock rate.",
                "It depends on more than the clock: which kernels there are, and how many pieces the graph is cut "
                "into.",
            ),
            right(
                "A time that was taken on that phone, with these files.",
                "Kernels, threads and memory are its own, and the order may turn round. Even the published figures do "
                "not agree with one another.",
            ),
            wrong(
                "The guide's factor, which was found on phones like it.",
                "The guide's factors and its own table differ, and neither was found with your model.",
            ),
        ),
    ),
)
