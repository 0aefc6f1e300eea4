"""Room 2, converting."""

from labutils.museum.exhibit import MESSAGE, SILENCE, Exhibit

EXHIBITS = (
    Exhibit(
        "h5_on_the_command_line", "A Keras file on the command line", MESSAGE,
        "tflite_convert asks TensorFlow for Keras's loader. Keras 2 left it there on import, Keras 3 does not, so None "
        "is called.",
        "Use labs convert, which registers the loader and takes the same flags; or convert in Python.",
        "03", "A flag that fails",
        ("TypeError: 'NoneType' object is not callable",),
        "tflite_convert keras_model_file h5 fails command line",
    ),
    Exhibit(
        "unknown_flag", "A flag that nobody reads", SILENCE,
        "tflite_convert passes over flags that it does not know, old ones and misspelt ones alike, and ends with code "
        "0.",
        "Use labs convert, which refuses them; and look at the file, not at the flag.",
        "03", "A flag that nobody reads",
        signs="tflite_convert ignores unknown flag post_training_quantize option without effect exit code 0",
    ),
    Exhibit(
        "saved_by_tensorflow", "The route of the old tutorials", SILENCE,
        "tf.saved_model.save hides the weights of a Keras 3 model where the converter does not look: the file holds "
        "VAR_HANDLE and no weights, and answers from memory that nobody has written.",
        "Save with model.export, or convert with from_keras_model; then compare file and model.",
        "01", "6 · The route of the old tutorials",
        (
            "RuntimeError: tflite/kernels/read_variable.cc:67 variable != nullptr was not true.Node number 2 "
            "(READ_VARIABLE) failed to invoke.",
        ),
        "tf.saved_model.save then from_saved_model wrong answers garbage random huge numbers after conversion "
        "converted file weights lost missing VAR_HANDLE READ_VARIABLE",
    ),
    Exhibit(
        "model_beside_function", "The model as second argument", SILENCE,
        "The converter asks for the Keras model beside a concrete function, and then loses its weights the same way.",
        "Give it the function alone, or freeze the function first.",
        "01", "5 · Two more ways in",
        signs="from_concrete_functions with keras model second argument trackable_obj wrong answers weights lost",
    ),
    Exhibit(
        "no_saved_model_here", "No SavedModel here", MESSAGE,
        "The folder is misspelt, or it is the one above the version: there is no saved_model.pb in it.",
        "Name the folder that holds saved_model.pb, version included: saved_model/1.",
        "03", "8 · Mistakes, each made once",
        ("OSError: SavedModel file does not exist at: saved_model/{saved_model.pbtxt|saved_model.pb}",),
        "saved_model_cli missing directory from_saved_model wrong folder version",
    ),
    Exhibit(
        "flex_at_conversion", "An operator that LiteRT lacks", MESSAGE,
        "The model uses an operator that only TensorFlow has.",
        "Rewrite it with operators that LiteRT has; when all else fails, allow SELECT_TF_OPS and carry Flex.",
        "05", "3 · The message, line by line",
        (
            "ConverterError: Could not translate MLIR to FlatBuffer. error: 'tf.Tan' op is neither a custom op nor a "
            "flex op Error code: ERROR_NEEDS_FLEX_OPS error: failed while converting: 'main': Some ops are not "
            "supported by the native TFLite runtime, you can enable TF kernels fallback using TF Select. See "
            "instructions: https://www.tensorflow.org/lite/guide/ops_select TF Select ops: Tan",
        ),
        "operator not supported needs select tf ops missing op at conversion",
    ),
    Exhibit(
        "refused_by_select_too", "Refused by Select too", MESSAGE,
        "Select brings a list of TensorFlow's operators, not all of them; this one is not on it.",
        "Rewrite the operator; a custom operator of your own in C++ is the long way.",
        "05", "Refused by all",
        (
            "ConverterError: Could not translate MLIR to FlatBuffer. error: 'tf.Asin' op is neither a custom op nor a "
            "flex op Error code: ERROR_NEEDS_CUSTOM_OPS error: failed while converting: 'main': Some ops in the model "
            "are custom ops, See instructions to implement custom ops: "
            "https://www.tensorflow.org/lite/guide/ops_custom Custom ops: Asin",
        ),
        "operator fails even with SELECT_TF_OPS needs custom op",
    ),
)  # fmt: skip
