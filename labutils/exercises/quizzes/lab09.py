"""The quiz of lab 09: what turns are for, what pieces and bytes cost, and what happens where hardware is missing."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "09.turns",
        "A laptop gets warm, and computes more slowly from minute to minute, while you time two files on it. What do "
        "you gain by timing them in turns?",
        (
            wrong(
                "Neither gets slower: each has a rest in the other's turn.",
                "The processor has no rest, it computes the other file meanwhile. The times of both grow.",
            ),
            right(
                "Both get slower alike, so that their ratio is still right.",
                "Neither median is that of a cool laptop, but each round meets both files in the same state. One after "
                "the other, the second file would have had the warm laptop to itself.",
            ),
            wrong(
                "The slow runs drop out, so that both medians are still right.",
                "A median leaves odd runs out, and here half of the runs are slow. Both medians are higher than on a "
                "cool laptop.",
            ),
        ),
    ),
    Question(
        "09.split",
        "A chain of twelve convolutions also needs two normalizations that your delegate lacks. Where in the chain do "
        "they leave it the fewest pieces?",
        (
            wrong(
                "Side by side in the middle of the chain.",
                "There they make two pieces of it: better than three, if it has to be the middle.",
            ),
            wrong(
                "One after each third of the chain.",
                "That makes three pieces, the most of all: each is cut off from the next.",
            ),
            right(
                "Side by side at the end of the chain.",
                "All convolutions stay together, in one piece, and the answer crosses back once. With a GPU each piece "
                "costs copies; on a processor it is little more than a call.",
            ),
        ),
    ),
    Question(
        "09.dynamic_range",
        "In a dynamic range file the weights of a dense layer are int8, its input is float32. How are the two "
        "multiplied?",
        (
            right(
                "The input is quantized in each run, and integers are multiplied.",
                "Its range is found anew for each input: that is what is dynamic. It is work that neither the float "
                "file has, nor the full integer one, whose ranges were calibrated.",
            ),
            wrong(
                "The weights are unpacked to float32, and floats are multiplied.",
                "Float16 files are run so. Here the answer is off by the rounding of the input as well, which floats "
                "would not be.",
            ),
            wrong(
                "The input is quantized by the scale that is kept in the file.",
                "The file holds scales for weights alone. One for the input would need samples to calibrate with.",
            ),
        ),
    ),
    Question(
        "09.depthwise",
        "A depthwise convolution does 1/64 of the multiply-adds of a standard one with the same 64 channels, in and "
        "out. Why can it not be 64 times as quick?",
        (
            wrong(
                "It has more weights: each channel has a filter of its own.",
                "It has a filter for each channel, and the standard one has 64 of them for each. So it has 1/64 of the "
                "weights as well.",
            ),
            right(
                "It moves nearly as many bytes: what goes in and out is equal.",
                "Little is done with each byte, so memory is the limit long before arithmetic is. It hangs under the "
                "slanting roof.",
            ),
            wrong(
                "It has more outputs: each filter makes a picture of its own.",
                "Both make 64 pictures of the same size. What differs is how many inputs each of their numbers is made "
                "from.",
            ),
        ),
    ),
    Question(
        "09.fallback",
        "Your app asks `CompiledModel` for `GPU | CPU`. What happens on a device that has no GPU which it can use?",
        (
            wrong(
                "The processor computes all of it, more slowly.",
                "That would be a fallback, and there is none: the processor may take operators that a GPU lacks, not "
                "its place.",
            ),
            wrong(
                "It computes nothing, and its answer is all zeros.",
                "Then only a look at the answers would tell. In fact it does not get so far as an answer.",
            ),
            right(
                "It is refused: you have to ask again for the CPU.",
                "No silent fallback is an honest answer: you know what you have measured. But it is your app that has "
                "to catch the error.",
            ),
        ),
    ),
    Question(
        "09.library",
        "A script for the Edge TPU runs on a computer on which nothing of it is installed. In which line does it stop?",
        (
            right(
                "In `load_delegate(...)`.",
                "A delegate is a library, and is looked for at once. So catch the error here, and make the interpreter "
                "without it.",
            ),
            wrong(
                "In `allocate_tensors()`.",
                "Here the interpreter would show its graph to the delegate. The script has none to hand over.",
            ),
            wrong(
                "In `interpreter.invoke()`.",
                "By then the graph is divided up long since. A library that is missing is missed before.",
            ),
        ),
    ),
)
