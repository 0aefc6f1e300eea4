"""The quiz of lab 05: what Select allows, where its price is paid, and how far a rewriting holds."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "05.parity_here",
        "You convert a model with both operator sets, and the file holds `FlexErf`. Next you compare it with its "
        "model in a notebook that has TensorFlow loaded. How far do you get?",
        (
            wrong(
                "To the end: TensorFlow is loaded, and with it its kernels.",
                "The interpreter reaches TensorFlow's kernels through the Flex delegate only, and no Python package "
                "of today carries it.",
            ),
            wrong(
                "To wrong answers: what the runtime lacks is passed over.",
                "A runtime that lacks an operator does not guess. It refuses the file when it prepares the operators.",
            ),
            right(
                "To allocating: the interpreter lacks the Flex delegate.",
                "Converting does not tell you so. To run the file, you need a runtime with Flex: on a phone, or in an "
                "older TensorFlow.",
            ),
        ),
    ),
    Question(
        "05.select_alone",
        "`2 * x + 1` needs nothing that LiteRT lacks. You convert it with `[tf.lite.OpsSet.SELECT_TF_OPS]` as the "
        "only set. What do you get?",
        (
            right(
                "A file that needs Flex, for its sum and its product.",
                "The list names all that the converter may use. With the builtin set left out, even a sum goes to "
                "TensorFlow.",
            ),
            wrong(
                "The file that both sets give: nothing is missing.",
                "That Select steps in only where something is missing is so because you name the builtin set as well.",
            ),
            wrong(
                "A refusal: no operator is there to be selected.",
                "TensorFlow has a sum and a product too, so the set is enough, and nothing warns you.",
            ),
        ),
    ),
    Question(
        "05.softplus",
        "Somebody writes `log(1 + exp(x))` in place of `softplus(x)`, converts it, and finds no error from −5 to 5. "
        "At which further input does the file go wrong?",
        (
            wrong(
                "At −100, where `exp(x)` is all but 0.",
                "Then it answers `log(1)`, which is 0, and softplus is 0 there up to float32.",
            ),
            wrong(
                "At 0, where the curve bends most.",
                "`log(2)` is right. A curve that bends is a problem for approximations, and this is a formula.",
            ),
            right(
                "At 100, where `exp(x)` is out of range.",
                "Float32 ends near `exp(88)`, so the file cannot answer 100. A rewriting has a domain: test outside "
                "of it too.",
            ),
        ),
    ),
    Question(
        "05.two_conversions",
        "A model with a large dense layer and `Erf` is converted with both sets: once with `Optimize.DEFAULT` alone, "
        "once with a representative dataset too. Which conversion works?",
        (
            right(
                "The first only: the model is not run.",
                "Weights can be rounded where they lie. To find the ranges of activations, the converter has to run "
                "the model, and its runtime has no Flex.",
            ),
            wrong(
                "The second only: Flex needs ranges.",
                "`FlexErf` computes in float and needs no range. It is the calibration that cannot run it.",
            ),
            wrong(
                "Both: what is Flex simply stays float.",
                "So it would be after calibration, if that could be done. It stops at the operator that it cannot run.",
            ),
            wrong(
                "Neither: Select files stay all float.",
                "The dense layer beside `FlexErf` is a builtin operator, and its weights become int8 as in any file.",
            ),
        ),
    ),
    Question(
        "05.custom_code",
        "With both sets allowed the converter still refuses `Asin`, with `ERROR_NEEDS_CUSTOM_OPS`. Which change gives "
        "you a file that answers right in this notebook?",
        (
            wrong(
                "`allow_custom_ops = True`, as the error names them.",
                "It converts, to a bare name without a kernel. No runtime has one until you write it, in C++.",
            ),
            right(
                "`atan2(x, sqrt(1 - x * x))`, written in its place.",
                "All of these are builtin, and the formula is no approximation. Its domain is from −1 to 1, as that "
                "of the original.",
            ),
            wrong(
                "`SELECT_TF_OPS` alone, so that TensorFlow computes it.",
                "Select has a list of its own, and `Asin` is not on it, whatever else is allowed or not.",
            ),
        ),
    ),
    Question(
        "05.ten_models",
        "An Android app ships ten models, and one of them holds a Select operator. You rewrite that one with builtin "
        "operators. What does the app save?",
        (
            wrong(
                "A tenth of the Flex library: each model links its part.",
                "The app links the library once, for all of its models. No part of it belongs to one of them.",
            ),
            wrong(
                "The few bytes by which a Select file is the larger one.",
                "The file was never the price. What weighs is the runtime that has to carry TensorFlow's kernels.",
            ),
            right(
                "The whole Flex library: no other model asks for it.",
                "The price of Select is paid by the app, once, for the first operator that needs it. The last one "
                "that goes takes it along.",
            ),
        ),
    ),
)
