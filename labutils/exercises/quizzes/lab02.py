"""The quiz of lab 02: what a network costs, what converting folds away, and what parity cannot see."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "02.flatten",
        "With images twice as wide and high MobileNetV2 keeps its number of parameters. The digits CNN (three "
        "convolutions, `Flatten`, `Dense`) gets more. Which part of it grows?",
        (
            wrong(
                "The convolutions, since a kernel has weights for every pixel that it passes.",
                "A kernel uses the same few weights at every pixel. More pixels cost multiply-adds, not parameters.",
            ),
            right(
                "The `Dense` layer, since it has weights for every number that it is handed.",
                "`Flatten` hands on every pixel of every channel. MobileNetV2 averages over the pixels first, so its "
                "dense layer sees channels only.",
            ),
            wrong(
                "The `Flatten` layer, since it has to hold every number of a larger image.",
                "`Flatten` has no parameters at all. It only writes the numbers in one row.",
            ),
        ),
    ),
    Question(
        "02.depthwise_alone",
        "You build a depthwise separable convolution, forget its 1 × 1 part, and keep the depthwise 3 × 3. What can "
        "no number of the output depend on any more?",
        (
            wrong(
                "On the pixels that lie beside its own.",
                "Looking at the neighbours is just what the depthwise part does.",
            ),
            wrong(
                "On the pixels at the edge of the image.",
                "They are looked at like all others; padding only adds zeros outside.",
            ),
            right(
                "On the channels other than its own.",
                "The depthwise part filters each channel by itself. Mixing the channels is the work of the 1 × 1 part.",
            ),
        ),
    ),
    Question(
        "02.relu_between",
        "In MobileNetV2 each BatchNorm follows its convolution, and the converter folds it in. What is left in the "
        "file if a ReLU stands between the two?",
        (
            right(
                "Two operators more, `MUL` and `ADD`.",
                "Folding works because both only multiply and add. A ReLU cuts off in between, so BatchNorm's product "
                "and sum stay.",
            ),
            wrong(
                "No operator more: all three are folded.",
                "Folding would move BatchNorm's factors before the ReLU, and cutting off after scaling and shifting "
                "is something else.",
            ),
            wrong(
                "One operator more, a `BATCH_NORM`.",
                "The file format has no such operator. What is not folded is written as a product and a sum.",
            ),
        ),
    ),
    Question(
        "02.batchnorm_in_file",
        "Your model has a BatchNorm layer. On the same image it answers differently with `training=True` and with "
        "`training=False`, and you convert it. Which answer does the file give?",
        (
            wrong(
                "That of `training=True`, normalized by the image's own mean.",
                "A file knows no training. It would need a whole batch to find a mean worth having.",
            ),
            wrong(
                "A third: BatchNorm is left out, since it serves training.",
                "BatchNorm is not among the operators because it was folded in, and the file still computes it.",
            ),
            right(
                "That of `training=False`, normalized by moving averages.",
                "The averages become constants of the file. If they have not caught up, the file is as wrong as the "
                "model in evaluation.",
            ),
        ),
    ),
    Question(
        "02.untrained",
        "You convert the digits CNN with random weights, before any training, and compare file and model on the test "
        "images. What does `parity` say?",
        (
            right(
                "It agrees: the file guesses just as its model guesses.",
                "Parity asks whether the file is the model. Whether the model is any good, only labels can tell.",
            ),
            wrong(
                "It does not agree: random weights give random answers.",
                "The weights were drawn once, and the file holds these very numbers. Nothing is drawn any more when "
                "it runs.",
            ),
            wrong(
                "It refuses: with no training all the answers are alike.",
                "Even random weights answer different images differently, and by far more than the tolerance.",
            ),
        ),
    ),
    Question(
        "02.fixed_operators",
        "The file of the digits CNN with an open batch holds `SHAPE`, `STRIDED_SLICE` and `PACK`, just before it "
        "flattens. What becomes of them in a file with the batch fixed to 1?",
        (
            wrong(
                "They stay, since operators follow from layers and not from sizes.",
                "No layer of the network asks for them. They are there to find out a size that the file does not know.",
            ),
            right(
                "They go, since they only found out the size of the batch.",
                "With the batch known beforehand, the new shape is a constant of the file. This is one reason to fix "
                "it for a device.",
            ),
            wrong(
                "They stay, and one more operator checks that the batch is 1.",
                "The shapes in the file say it, and the interpreter keeps to them when it allocates. No operator is "
                "needed.",
            ),
        ),
    ),
)
