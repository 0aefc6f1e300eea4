"""The quiz of lab 06: what the arena holds and when, who may share it, and what nobody checks."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "06.second_image",
        "You set an image, invoke, and read the answer. Then you set a second image and read again, without `invoke`. "
        "What do you read?",
        (
            wrong(
                "An error: the output does not belong to this input.",
                "The interpreter does not note which output belongs to which input. The read is allowed.",
            ),
            right(
                "The first image's answer: it is still in the arena.",
                "`set_tensor` writes the input and computes nothing. In a loop, this mistake looks like a model that "
                "answers one image late.",
            ),
            wrong(
                "Zeros: a new input clears what was computed before.",
                "Nothing is cleared. A place in the arena keeps what was last written to it.",
            ),
        ),
    ),
    Question(
        "06.kept_views",
        "In a loop over images you want to save the copy, and append `interpreter.tensor(index)()` to a list where "
        "`get_tensor(index)` stood. What happens at the second image?",
        (
            wrong(
                "The list holds the second answer twice, as both are one place in the arena.",
                "So it would be if the loop came that far. The interpreter guards against it.",
            ),
            wrong(
                "The list holds both answers, as each view keeps what it saw when it was made.",
                "A view keeps nothing: it looks into the interpreter's memory. That is what saves the copy.",
            ),
            right(
                "`invoke` raises, as the first view is still held and memory might move.",
                "A view is for reading on the spot. Whoever wants to keep an answer needs the copy, so `get_tensor`.",
            ),
        ),
    ),
    Question(
        "06.damage",
        "The interpreter refuses a file whose last tenth is missing, and runs one in which a bit of a weight has "
        "flipped. What makes the difference?",
        (
            right(
                "What is hit: layout is checked, and any bits make a weight.",
                "A cut leaves offsets that point outside, and that is seen. Which weights you meant, no file says.",
            ),
            wrong(
                "How much is hit: a single bit is too little to be seen.",
                "Write over a thousand bytes of weights, and it still runs. Change the few bytes that the layout "
                "begins with, and it is refused.",
            ),
            wrong(
                "When it is seen: the checksum at the end is read on loading.",
                "A `.tflite` file has no checksum. That is why you keep one beside it.",
            ),
        ),
    ),
    Question(
        "06.num_threads",
        "A server answers requests in four threads. Which arrangement gives every thread the answer to its own image?",
        (
            wrong(
                "One interpreter, made with `num_threads=4`.",
                "These threads share the work of one `invoke`. There is still one arena, with one place for the input.",
            ),
            wrong(
                "One interpreter, with a lock around `invoke`.",
                "Between one thread's `set_tensor` and its turn at the lock another may set its image. The lock would "
                "have to span all three calls.",
            ),
            right(
                "Four interpreters, one for each of the threads.",
                "Each has an arena of its own. The file may be shared, since it is only read.",
            ),
        ),
    ),
    Question(
        "06.bytes_in",
        "An integer model was trained on pixels from 0 to 1. Its int8 input has the scale 1/255 and the zero point "
        "−128. Your camera gives bytes from 0 to 255. What do you hand to `set_tensor`?",
        (
            wrong(
                "`pixel.astype(np.int8)`",
                "From 128 on the bytes wrap round to negative numbers, and black becomes 0, which stands for a middle "
                "grey.",
            ),
            wrong(
                "`(pixel / 255.0).astype(np.int8)`",
                "These are real numbers that only look like integers, all 0 but for the brightest, and 0 stands for a "
                "middle grey.",
            ),
            right(
                "`(pixel - 128.0).astype(np.int8)`",
                "Divide by 255, divide by the scale, add the zero point: the first two cancel out. The float 128.0 "
                "keeps the subtraction from wrapping round.",
            ),
            wrong(
                "`(pixel // 2).astype(np.int8)`",
                "It fits into int8, and uses the upper half of the grid alone: black becomes 0, a middle grey.",
            ),
        ),
    ),
    Question(
        "06.interval",
        "On 360 test images the 95 % interval of an accuracy of 97 % is nearly four points wide. About how many "
        "images would make it half as wide?",
        (
            wrong(
                "Twice as many, 720.",
                "The width falls with the square root of the number, so twice as many take away less than a third of "
                "it.",
            ),
            right(
                "Four times as many, 1,440.",
                "The width falls with the square root of the number. So a difference of a tenth of a point needs very "
                "many images.",
            ),
            wrong(
                "Sixteen times as many, 5,760.",
                "That would bring it down to about a quarter. The width falls with the square root, not with the "
                "fourth root.",
            ),
        ),
    ),
)
