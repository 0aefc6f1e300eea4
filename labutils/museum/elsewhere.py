"""Room 7, elsewhere: browsers, accelerators, the newer interface."""

from labutils.museum.exhibit import MESSAGE, Exhibit

EXHIBITS = (
    Exhibit(
        "free_batch_in_browser", "A free batch in the browser", MESSAGE,
        "Keras leaves the batch open. LiteRT.js and most accelerators plan all memory beforehand and want it fixed.",
        "Fix it when you convert: freeze for a batch of 1, or export with input_signature.",
        "10", "3 · Convert",
        ("LabError: digits_cnn.tflite leaves its batch free: convert it with one of 1, as in lab 10.",),
        "dynamic batch browser LiteRT.js GPU None dimension",
    ),
    Exhibit(
        "integer_border_in_browser", "An int8 border in the browser", MESSAGE,
        "LiteRT.js 2.5.3 takes float32 and uint8 at both ends, and refuses int8.",
        "Convert with inference_input_type and inference_output_type tf.uint8 (or float32).",
        "10", "3 · Convert",
        (
            "LabError: the model of 26,384 bytes has int8 at its border, which LiteRT.js refuses: convert it with "
            "converter.inference_input_type = tf.uint8 (or tf.float32).",
        ),
        "int8 input output refused by LiteRT.js browser",
    ),
    Exhibit(
        "strict_resize", "A size that is fixed", MESSAGE,
        "The file fixes this size, and strict=True holds the interpreter to it, as an accelerator would.",
        "Give it the size that it wants, or convert with that size left open.",
        "02", "7 · A fixed batch",
        (
            "RuntimeError: Attempting to resize dimension 0 of tensor 0 with value 1 to 4. ResizeInputTensorStrict "
            "only allows mutating unknown dimensions identified by -1.",
        ),
        "resize_tensor_input fixed batch GPU delegate static shape",
    ),
    Exhibit(
        "buffer_too_small", "More than the buffer holds", MESSAGE,
        "CompiledModel reserves its buffers once, for the shape in the file; a free batch counts as 1.",
        "Write one input at a time, or convert with the batch that you need.",
        "06", "10 · Old name, new name",
        ("RuntimeError: WriteTensorBuffer: source buffer is larger than the tensor buffer",),
        "CompiledModel buffer write batch too large",
    ),
    Exhibit(
        "missing_delegate", "A delegate that is not there", MESSAGE,
        "The delegate is a library of its own, which this machine lacks, and most need their hardware too.",
        "Install the vendor's library; until then, run on the processor, where XNNPACK is on by default.",
        "00", "7 · Devices and delegates",
        (
            "OSError: libedgetpu.so.1: cannot open shared object file: No such file or directory",
            "OSError: dlopen(libedgetpu.so.1",
            "FileNotFoundError: Could not find module 'libedgetpu.so.1' (or one of its dependencies).",
        ),
        "load_delegate edge tpu gpu delegate library missing coral",
    ),
)  # fmt: skip
