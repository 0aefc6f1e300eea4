"""The quiz of lab 08: what zeros and shared values save, where the work is saved, and what training does."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "08.pruned_file",
        "Four of five weights of a float model are set to zero, and it is converted as before. What becomes of the "
        "`.tflite` file, and of the file after gzip?",
        (
            wrong(
                "The file has a fifth of its bytes left, and gzip finds nothing more.",
                "A float kernel is stored number by number, and a zero takes four bytes as every number does. Leaving "
                "them out needs another way to store it.",
            ),
            wrong(
                "The file keeps its size, and so does what gzip makes of the file.",
                "gzip gives short codes to what comes often, and zeros now come most often of all.",
            ),
            right(
                "The file keeps its size, and what gzip makes of it is much smaller.",
                "Zeros are stored like other numbers, four bytes each. Long runs of equal bytes are what gzip is good "
                "at, so the download shrinks, and the room on the device does not.",
            ),
        ),
    ),
    Question(
        "08.structured",
        "Which of these leaves the fewest multiply-adds for the kernels of a runtime to carry out?",
        (
            wrong(
                "90 % of all weights set to zero, the smallest ones.",
                "The shapes are the same, and an ordinary kernel multiplies by zero as by any number.",
            ),
            right(
                "Half of the channels cut out of every convolution.",
                "Each kernel has half of its outputs and half of its inputs: about a quarter of the products is left, "
                "and no kernel has to know of it.",
            ),
            wrong(
                "Half of the channels set to zero, kernel and bias.",
                "Nothing comes out of them any more, and yet each is computed, and multiplied again in the next layer.",
            ),
            wrong(
                "All of the weights rounded to one of 16 values.",
                "There are as many products as before. Fewer different numbers save bytes on the wire, and no work.",
            ),
        ),
    ),
    Question(
        "08.shared_values",
        "The million weights of a kernel share 16 values. How few bits a weight are enough to write the kernel down "
        "exactly, beside a short table of the values?",
        (
            right(
                "4, the number of its value in the table.",
                "16 things can be told apart by 4 bits. Where some values come much more often than others, codes of "
                "different lengths need even less on average.",
            ),
            wrong(
                "16, one bit for each of the values.",
                "Only one of the sixteen bits would ever be set: which one, can be told by four.",
            ),
            wrong(
                "32, since the values are still floats.",
                "The sixteen floats stand in the table, once. A weight needs only to say which of them it is.",
            ),
        ),
    ),
    Question(
        "08.gradual",
        "A net that is pruned to 90 % at once reads digits badly. Pruned to the same 90 % in small steps, while it is "
        "trained, it reads them well. What do the steps owe this to?",
        (
            wrong(
                "To the order, since small steps spare more of the large weights.",
                "Without training in between, small steps take the very same weights as one large step: the smallest.",
            ),
            wrong(
                "To the number of zeros, which small steps never quite bring to 90 %.",
                "The last step prunes to the final sparsity, so that there are just as many zeros in the end.",
            ),
            right(
                "To the training, in which the others take over what was lost.",
                "After every step the weights that are left are adjusted to do without the rest. That is also why the "
                "last steps are small: then every loss is felt.",
            ),
        ),
    ),
    Question(
        "08.separable",
        "You replace 3 × 3 convolutions by depthwise separable ones. For which layer is the share of the multiply-adds "
        "that you save the smallest?",
        (
            wrong(
                "One that has few input channels.",
                "Both kinds of convolution grow with the inputs alike, so that the share does not change.",
            ),
            right(
                "One that has few output channels.",
                "What is left is 1/outputs + 1/9. The depthwise step has the same cost for one output as for hundreds, "
                "and with few of them it weighs most.",
            ),
            wrong(
                "One that looks at small images.",
                "Both kinds of convolution do their work once a pixel, so that the share does not change.",
            ),
        ),
    ),
    Question(
        "08.soft_targets",
        "A student is trained on a teacher's probabilities, softened by a temperature. What do they tell the student "
        "about an image that neither its label nor a smoothed label does?",
        (
            right(
                "Which of the wrong classes it is most like.",
                "A label gives zero to all wrong classes, a smoothed label gives all of them the same. The teacher's "
                "numbers differ: this 5 is a little like a 9.",
            ),
            wrong(
                "That its class may not be the right one.",
                "A smoothed label says that too: it leaves some doubt about every image.",
            ),
            wrong(
                "Which of all the classes is the likeliest.",
                "The label says that, and so does the smoothed one. A temperature does not change the order.",
            ),
        ),
    ),
)
