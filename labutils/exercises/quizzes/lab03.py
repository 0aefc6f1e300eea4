"""The quiz of lab 03: what the commands tell, what they pass over, and what a SavedModel is."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "03.typing_error",
        "`tflite_convert` passes over a flag that it does not know, and so a mistyped one. In which of these flags "
        "does a typing error go unnoticed, and a file is written all the same?",
        (
            wrong(
                "In `--saved_model_dir`, which says what to convert.",
                "The mistyped flag is passed over, and then no model is named. The command says that one is required.",
            ),
            right(
                "In `--saved_model_signature_key`, which picks an entry.",
                "It may be left out, so nothing is missing, and the file has the entries that it has without the flag.",
            ),
            wrong(
                "In `--output_file`, which says where the file goes.",
                "The mistyped flag is passed over, and then there is nowhere to write. The command says that it is "
                "required.",
            ),
        ),
    ),
    Question(
        "03.not_told",
        "`saved_model_cli show` describes a network that classifies images. Which of these does it leave you to ask "
        "the author?",
        (
            wrong(
                "How many classes the network tells apart.",
                "That is the last size of the output's shape. Which class has which number is what it does not tell.",
            ),
            wrong(
                "How many channels it wants an image to have.",
                "That is the last size of the input's shape.",
            ),
            wrong(
                "Whether pixels come as floats or as bytes.",
                "That is the `dtype` of the input.",
            ),
            right(
                "Whether pixels run from 0 to 1 or from −1 to 1.",
                "A signature holds names, types and shapes. The range of the numbers was decided outside, in the code "
                "that prepared the images.",
            ),
        ),
    ),
    Question(
        "03.keras_file",
        "You have a `.keras` file, Keras 3, and of all commands only `tflite_convert`. A few lines of Python are "
        "allowed before it. Which way leads to a `.tflite` file?",
        (
            right(
                "Export the model, and give the folder to `--saved_model_dir`.",
                "A SavedModel needs no Keras to be read, so the loader that Keras 3 does not register is not missed.",
            ),
            wrong(
                "Save it as `.h5`, and give that to `--keras_model_file`.",
                "The flag fails for both formats: what is missing is not the format, but a loader for either of them.",
            ),
            wrong(
                "Give the `.keras` file itself to `--saved_model_dir`.",
                "A `.keras` file is a zip archive for Keras. A SavedModel is a folder with `saved_model.pb` in it.",
            ),
        ),
    ),
    Question(
        "03.parent_folder",
        "The folder `line` holds the versions `1`, `2` and `10`. What does `tflite_convert --saved_model_dir line` "
        "convert?",
        (
            wrong(
                "Version `10`, as the largest number is the newest.",
                "So TensorFlow Serving chooses. The converter knows no versions, and takes the folder that you name.",
            ),
            wrong(
                "Version `1`, as it is the first in the alphabet.",
                "The converter does not look into the folders below. It wants `saved_model.pb` in the one that you "
                "name.",
            ),
            right(
                "Nothing, as `line` itself holds no `saved_model.pb`.",
                "It fails, and says that the SavedModel file does not exist. Name the version: `line/10`.",
            ),
        ),
    ),
    Question(
        "03.stranger",
        "A stranger sends you a SavedModel. You run it, and none of the Python code that made it is on your machine. "
        "What can it do there?",
        (
            wrong(
                "Compute and no more: without Python only arithmetic is left.",
                "TensorFlow has operators for much more than arithmetic, and a SavedModel may hold any of them.",
            ),
            right(
                "Read and write files: there are operators for both of them.",
                "A SavedModel is a program made of operators. `saved_model_cli scan` looks for those that touch files.",
            ),
            wrong(
                "Run its author's Python: functions are stored with the model.",
                "The functions were traced, and only their operators were stored. The Python around them stays behind.",
            ),
        ),
    ),
    Question(
        "03.no_verdict",
        "Of a float file `labs convert` says whether it agrees with its source; of an integer file it only says how "
        "large the error is. Why is there no verdict?",
        (
            right(
                "How large an error is too large depends on your task.",
                "A float file should differ by rounding alone, so one tolerance fits all. Quantizing moves the "
                "answers on purpose, and only you know how far they may move.",
            ),
            wrong(
                "Integers and floats have no unit in which to compare.",
                "Scale and zero point turn the stored integers into real numbers, and those are compared.",
            ),
            wrong(
                "The samples chose the scales, so the file must agree.",
                "Samples give the ranges; every number is rounded all the same, and no agreement is promised.",
            ),
        ),
    ),
)
