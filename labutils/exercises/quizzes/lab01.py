"""The quiz of lab 01: what a conversion without an error proves, and what stands in a file."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "01.no_error",
        "`convert()` has returned bytes, the interpreter has loaded them and has answered, and nothing raised an "
        "error. What follows?",
        (
            wrong(
                "The weights are in the file, or it would not have loaded.",
                "Loading checks the layout, not that every variable has a value. The file of the old route loads, and "
                "holds no weights.",
            ),
            wrong(
                "The answers are the model's, up to float32 rounding.",
                "The old route raises nothing either, and its answers are chance. Only a comparison tells rounding "
                "from chance.",
            ),
            right(
                "Nothing yet: the answers may be far from the model's.",
                "No error means that something was computed. Whether it is what the model computes, only asking both "
                "can tell.",
            ),
        ),
    ),
    Question(
        "01.where_lost",
        "You save a Keras 3 model with `tf.saved_model.save`, convert the folder, and the file answers by chance. At "
        "which step did the weights get lost?",
        (
            wrong(
                "Saving: the folder has the computation, but no values.",
                "Load the folder in TensorFlow and it answers as the model does, so the values are in it.",
            ),
            right(
                "Converting: the folder has the values, the file has not.",
                "The converter looks for TensorFlow's variables, and does not look inside Keras's wrappers. It "
                "freezes nothing, and the file reads variables that nobody fills.",
            ),
            wrong(
                "Running: XNNPACK passes over the values in the file.",
                "XNNPACK only hides the fault. There are no values in the file: without the delegate it is refused.",
            ),
        ),
    ),
    Question(
        "01.one_question",
        "To compare a file with its model `y = 2x - 1`, somebody asks both for `x = 3`, a thousand times over. All "
        "answers agree. What does that show?",
        (
            right(
                "As little as asking once: a file that always says 5 would pass too.",
                "Agreement is worth as much as the answers differ from one another. Ask for many values of x, far "
                "apart.",
            ),
            wrong(
                "That the weights agree: a thousand answers leave no room for chance.",
                "The same question brings no new knowledge. Many lines go through one point, and each has other "
                "weights.",
            ),
            wrong(
                "That the file is right near 3: close questions have close answers.",
                "They do in the model. A file that always says 5 is off at 3.5 already, since the model says 6 there.",
            ),
        ),
    ),
    Question(
        "01.which_kernels",
        "A model takes 64 numbers and has two layers, `Dense(64)` and `Dense(8)`. You convert it with "
        "`Optimize.DEFAULT`. Which kernels become int8?",
        (
            wrong(
                "Both: the setting holds for the whole model.",
                "The setting is for all, and the converter weighs each tensor: one with few elements saves too little.",
            ),
            wrong(
                "The second: the last layer bears rounding best.",
                "The converter does not judge what a layer bears. It counts elements, and this kernel has only 512.",
            ),
            wrong(
                "Neither: dense layers stay float, as the neuron did.",
                "The neuron stayed float because of its size, one weight and one bias, not because it is dense.",
            ),
            right(
                "The first: it has 4,096 elements, the second 512.",
                "Tensors of fewer than 1,024 elements are left as they are. The neuron of the lab is the extreme case.",
            ),
        ),
    ),
    Question(
        "01.by_name",
        "A file was made from a concrete function alone, whose `TensorSpec` is named `x`. You ask it for its "
        "signature runner. What happens?",
        (
            wrong(
                "The runner takes `x`: the name came with the `TensorSpec`.",
                "The name stays with the tensor, as a label. A signature is a table of its own, and this file has "
                "none.",
            ),
            right(
                "It raises an error: there is no signature to be run.",
                "A concrete function alone brings no signature, so inputs and outputs are found by number.",
            ),
            wrong(
                "The runner takes `args_0`: a missing name is made up.",
                "Names are made up for tensors, not for signatures. Where there is no signature, there is no runner.",
            ),
        ),
    ),
    Question(
        "01.nearer_the_rule",
        "The rule is `y = 2x - 1`. For `x = 10` the trained model answers 18.98, and the file made from it 19.00. "
        "What is the file?",
        (
            wrong(
                "Better than the model: converting took away an error of training.",
                "Converting knows nothing of the rule. It has to hand on the model as it is, errors included.",
            ),
            wrong(
                "As good as the model: float32 cannot tell the two numbers apart.",
                "Float32 keeps about seven digits, and these numbers differ by far more than the seventh.",
            ),
            right(
                "Wrong: it should answer what the model answers, errors included.",
                "The model is the truth that a file is held against. A file that differs computes something else, and "
                "was near the rule by luck.",
            ),
        ),
    ),
)
