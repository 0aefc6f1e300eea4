"""The quiz of lab 10: what a file does not say, what two processors agree on, and what surrounds a model in an app."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "10.card",
        "A float file of a digit classifier comes without its card. What must an app know that the file does not say?",
        (
            wrong(
                "How many pixels a picture has to have.",
                "The shape of its input says that: 1 x 8 x 8 x 1.",
            ),
            wrong(
                "How many classes the model tells apart.",
                "The shape of its output says that: 1 x 10. What the classes are called, it does not say.",
            ),
            right(
                "Which numbers stand for black and white.",
                "Whether white was 1, 16 or 255 in training is nowhere in the file. It computes with whatever it is "
                "given, and nobody notices but by the answers.",
            ),
            wrong(
                "Whether it takes its pixels as floats or as bytes.",
                "The dtype of its input says that, and in a uint8 file scale and zero point stand beside it.",
            ),
        ),
    ),
    Question(
        "10.equal_integers",
        "Browser and kernel are asked the same twenty digits. With the uint8 file the answers are equal, with the "
        "float file they differ in the last digits. Why are those of the uint8 file equal?",
        (
            right(
                "Sums of whole numbers are exact, in whatever order they are made.",
                "The two programs add in different orders. Floats are rounded at every addition, so there the order "
                "is seen; int32 sums are not.",
            ),
            wrong(
                "Rounding to 256 steps hides what differences there are.",
                "A difference that falls across the middle of two steps would come out as a whole step. Here is none "
                "to hide: the sums are exact before they are rounded.",
            ),
            wrong(
                "Its weights travel whole, while floats are cut short on their way here.",
                "Both files travel byte by byte, and arrive as they were. What differs is made by computing.",
            ),
        ),
    ),
    Question(
        "10.policy",
        "The page says that your drawings stay with you. What does its content security policy, with "
        "`default-src 'none'`, add to these words?",
        (
            wrong(
                "Whatever leaves the page is encrypted, so nobody can read it.",
                "That is what `https` does for what is on its way to somebody. Here nothing is to leave at all.",
            ),
            wrong(
                "The page carries its author's signature, so nobody can have altered it.",
                "The fingerprint in it says which script may run. Whoever alters the script can write a new one.",
            ),
            right(
                "The browser itself refuses to ask any address for anything at all.",
                "The page's own script cannot send what it may not ask for. That is enforced by somebody else than the "
                "page's author.",
            ),
        ),
    ),
    Question(
        "10.one_file",
        "The app in one file has some 4 MB for a model of 0.03 MB. How large is it, roughly, for a model of 0.3 MB?",
        (
            wrong(
                "As large as before: a model is compressed, as all the rest.",
                "The runtime is compressed, the model is not: each of its bytes takes 1.25 in a page of text.",
            ),
            right(
                "A tenth larger: nearly all of it is the runtime, as before.",
                "Whatever the model, the runtime brings its kernels for all operators. The model's own 0.3 MB come on "
                "top, times 1.25, since a page is text.",
            ),
            wrong(
                "Ten times as large: it carries the model, and little besides.",
                "It carries a runtime beside it: an app brings the processor's instructions for every operator along.",
            ),
        ),
    ),
    Question(
        "10.camera",
        "A phone opens the app from your laptop's address, by `http`, and may not use its camera there. On the laptop "
        "itself the same app may. Why?",
        (
            wrong(
                "The page's content security policy forbids it, as it forbids all addresses.",
                "The policy is the same on the laptop. It rules what is loaded and asked; a camera has no address.",
            ),
            right(
                "A browser gives its camera only to pages that nobody could alter on the way.",
                "Such a page is a secure context: it came by `https`, or from the same computer. By plain `http` "
                "anybody in between could have put another page in its place.",
            ),
            wrong(
                "The token of the QR code lets in one device alone, and the camera would be another.",
                "The token is asked for by the server that hands out the files. The camera asks no server.",
            ),
        ),
    ),
    Question(
        "10.c_array",
        "Why does the program of a microcontroller get the model as a C array, and not as a `.tflite` file?",
        (
            right(
                "It has no files: what it is to read has to be part of its program.",
                "The array lies in flash memory with the program, and the interpreter reads it where it is: these are "
                "the very bytes of the file.",
            ),
            wrong(
                "The compiler turns it into instructions, which run faster so.",
                "It stays data, byte by byte. The kernels run, as everywhere, and read the weights from it.",
            ),
            wrong(
                "As an array it takes fewer bytes than the file, and flash memory is scarce.",
                "As a text it is some six times larger, and compiled, it has just as many bytes as the file.",
            ),
        ),
    ),
)
