"""Room 3, quantizing."""

from labutils.museum.exhibit import MESSAGE, SILENCE, Exhibit

EXHIBITS = (
    Exhibit(
        "integer_without_data", "Full integer without data", MESSAGE,
        "To store activations as integers, the converter must see typical ones and learn their ranges.",
        "Set representative_dataset to a function that yields some dozens of typical inputs.",
        "07", "5 · No data at hand",
        ("ValueError: For full integer quantization, a `representative_dataset` must be specified.",),
        "integer quantization needs calibration data",
    ),
    Exhibit(
        "generator_not_function", "A generator in place of a function", MESSAGE,
        "The converter calls representative_dataset, as often as it needs; a generator can be used up but not called.",
        "Give it the function itself, without brackets: converter.representative_dataset = samples.",
        "04", "10 · Silent traps",
        ("TypeError: 'generator' object is not callable",),
        "representative_dataset called with brackets",
    ),
    Exhibit(
        "sample_without_list", "A sample without its list", MESSAGE,
        "Each sample is a list with one array for each input of the model, even if there is only one.",
        "Yield [image], not image.",
        "04", "10 · Silent traps",
        (
            "ValueError: You need to provide either a dictionary with input names and values, a tuple with signature "
            "key and a dictionary with input names and values, or an array with input values in the order of input "
            "tensors of the graph in the representative_dataset function. Unsupported value from dataset:",
        ),
        "representative dataset yields an array and not a list",
    ),
    Exhibit(
        "integer_border_alone", "An integer border around floats", MESSAGE,
        "Input and output can be integers only where the operators between them are, and these were not asked for.",
        "Set optimizations and representative_dataset too, and supported_ops to TFLITE_BUILTINS_INT8.",
        "04", "6 · Integers only",
        ("ValueError: The inference_input_type and inference_output_type must be tf.float32.",),
        "inference_input_type int8 refused",
    ),
    Exhibit(
        "empty_generator", "An empty generator", SILENCE,
        "A generator that yields nothing calibrates nothing; the converter falls back to floats and does not say so.",
        "Count what it yields before you convert, and look at the file's dtypes afterwards.",
        "04", "10 · Silent traps",
        signs="representative dataset yields nothing empty generator file stays float not quantized no int8 wrong path",
    ),
    Exhibit(
        "forgotten_optimizations", "Optimizations forgotten", SILENCE,
        "The representative dataset alone changes nothing: quantization is asked for by converter.optimizations.",
        "Set converter.optimizations = [tf.lite.Optimize.DEFAULT].",
        "04", "10 · Silent traps",
        signs="optimizations forgotten forgot to set dataset given but file not smaller not quantized stays still "
        "float32",
    ),
    Exhibit(
        "float_among_integers", "A float operator among integers", SILENCE,
        "LiteRT has no integer kernel for some operators. They stay float, between DEQUANTIZE and QUANTIZE, in a file "
        "that looks integer from outside.",
        "Count them with labutils.tflite.integer.assert_fully_integer, and replace them in the model.",
        "04", "10 · Silent traps",
        ("RuntimeError: Quantization not yet supported for op: 'SIN'.",),
        "operator without integer kernel stays float full integer is not full DEQUANTIZE QUANTIZE edge tpu rejects",
    ),
    Exhibit(
        "wrong_calibration_range", "Calibrated on another range", SILENCE,
        "The scales come from the representative data. If these run from 0 to 255 and real inputs from 0 to 1, all "
        "real inputs share the lowest steps of the scale.",
        "Calibrate with data that were prepared by the very function that prepares them on the device.",
        "04", "9 · Calibration",
        signs="wrong calibration range scale accuracy drops collapses after quantization representative data not "
        "normalized all outputs predictions the same identical answer for every input",
    ),
    Exhibit(
        "size_or_latency", "Optimize for size", SILENCE,
        "OPTIMIZE_FOR_SIZE and OPTIMIZE_FOR_LATENCY have become other names of DEFAULT: the files are equal byte for "
        "byte.",
        "Write DEFAULT, and choose size or speed by the path: float16, dynamic range, integer.",
        "04", "Two flags that do nothing",
        signs="OPTIMIZE_FOR_SIZE OPTIMIZE_FOR_LATENCY does nothing no effect same size deprecated",
    ),
    Exhibit(
        "too_small_to_shrink", "Too small to shrink", SILENCE,
        "The converter leaves weights of fewer than 1,024 numbers as they are, since there is little to gain.",
        "Try it with a real model; a tiny one cannot show what quantization brings.",
        "01", "8 · Can it be made smaller?",
        signs="quantized file has the same size small tiny model does not shrink no not smaller larger after "
        "quantization",
    ),
)  # fmt: skip
