"""Room 6, files."""

from labutils.museum.exhibit import CRASH, MESSAGE, SILENCE, Exhibit

NO_BUFFER = "ValueError: The model is not a valid Flatbuffer buffer"
EXHIBITS = (
    Exhibit(
        "wrong_path", "A wrong path", MESSAGE,
        "There is no such file where the program looks: paths are relative to the folder that it was started in.",
        "Print Path.cwd() and Path(name).exists().",
        "06", "1 · Five calls",
        ("ValueError: Could not open 'modle.tflite'.The model allocation is null/empty",),
        "file not found missing tflite file",
    ),
    Exhibit(
        "folder_to_interpreter", "A folder given to the interpreter", MESSAGE,
        "A SavedModel is a folder, and the interpreter reads one file.",
        "Convert it first, and name the .tflite file.",
        "03", "4 · Convert it",
        ("ValueError: Mmap of '7' at offset '0' failed with error '19'.The model allocation is null/empty",),
        "SavedModel directory opened by interpreter",
    ),
    Exhibit(
        "other_format", "A file of another kind", MESSAGE,
        "The file is an .h5, a .keras, a web page or a Git LFS pointer: bytes 4 to 8 are not TFL3.",
        "Look at path.read_bytes()[:8], convert what is to be converted, and fetch anew what is none.",
        "06", "9 · Damaged files",
        (NO_BUFFER,),
        "h5 keras zip html git lfs pointer given to the interpreter",
    ),
    Exhibit(
        "truncated_file", "A truncated file", MESSAGE,
        "A part is missing: a download or a copy was interrupted.",
        "Fetch it again, and compare its size or its checksum.",
        "06", "9 · Damaged files",
        (NO_BUFFER,),
        "incomplete download cut off damaged corrupt file",
    ),
    Exhibit(
        "runtime_too_old", "A runtime that is too old", MESSAGE,
        "Operators have versions, and this runtime is older than the converter: it lacks one that the file needs.",
        "Update the runtime on the device; what a file needs stands in its metadata, min_runtime_version.",
        "10", "8 · Android and iOS",
        ("ValueError: Didn't find op for builtin opcode 'CONV_2D' version '99'. An older version of this builtin "
         "might be supported. Are you using an old TFLite binary with a newer model?",),
        "old runtime newer model operator version on the phone Android registration failed",
    ),
    Exhibit(
        "flipped_bit", "A flipped bit", SILENCE,
        "Weights are numbers, and every number is possible: no runtime can know which ones you meant.",
        "Keep the SHA-256 of a model beside it, and compare before loading.",
        "06", "9 · Damaged files",
        signs="bit flip corrupted weights file loads but answers wrong accuracy lower after copying damaged checksum",
    ),
    Exhibit(
        "crashing_file", "A file that crashes the interpreter", CRASH,
        "The runtime checks much of a file, but not all: an offset that leads nowhere is followed.",
        "Open files from strangers in a process of their own: labutils.tflite.isolate.probe.",
        "06", "9 · Damaged files",
        signs="kernel died restarting segmentation fault SIGSEGV core dumped process crashes when loading a model file",
    ),
    Exhibit(
        "crashing_compiled_model", "A truncated file in CompiledModel", CRASH,
        "CompiledModel does not verify the file before it reads it.",
        "Let the Interpreter, or labutils.tflite.isolate.probe, look at the file first.",
        "06", "10 · Old name, new name",
        signs="CompiledModel kernel died segmentation fault SIGSEGV crash truncated file",
    ),
)  # fmt: skip
