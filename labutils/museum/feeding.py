"""Room 4, feeding the interpreter."""

from labutils.museum.exhibit import MESSAGE, SILENCE, Exhibit

EXHIBITS = (
    Exhibit(
        "wrong_dtype", "The wrong dtype", MESSAGE,
        "The interpreter converts nothing: the array must have the dtype that input details name. NumPy makes float64 "
        "of Python's numbers. A representative dataset is held to the same.",
        "Convert before: x.astype(np.float32).",
        "06", "3 · Mistakes, each made once",
        ("ValueError: Cannot set tensor: Got value of type FLOAT64 but expected type FLOAT32 for input 0, name:",),
        "float64 input array double",
    ),
    Exhibit(
        "no_batch_axis", "One image without a batch", MESSAGE,
        "A model takes a batch of inputs, even of one: the first axis is missing.",
        "Add it: image[None], or np.expand_dims(image, 0).",
        "06", "3 · Mistakes, each made once",
        ("ValueError: Cannot set tensor: Dimension mismatch. Got 3 but expected 4 for input 0.",),
        "wrong shape number of dimensions batch axis missing",
    ),
    Exhibit(
        "more_than_fits", "Two images into room for one", MESSAGE,
        "The interpreter has planned its memory for the shape in the input details, and no other fits.",
        "Resize first: resize_tensor_input(index, shape), then allocate_tensors(); a signature runner does both.",
        "06", "4 · More than one at a time",
        ("ValueError: Cannot set tensor: Dimension mismatch. Got 2 but expected 1 for dimension 0 of input 0.",),
        "wrong shape batch size too large several images at once",
    ),
    Exhibit(
        "wrong_signature_key", "An unknown signature", MESSAGE,
        "The file has no signature of that name; files from a concrete function may have none at all.",
        "Ask get_signature_list() for those that there are.",
        "06", "2 · By name: signatures",
        ('ValueError: Invalid signature_key provided: "predict".',),
        "signature runner key unknown name",
    ),
    Exhibit(
        "wrong_input_name", "A wrong input name", MESSAGE,
        "The signature has an input of another name: the one of keras.Input, or one that Keras made up.",
        "Ask get_signature_list() for the names, and name inputs when you build the model.",
        "06", "2 · By name: signatures",
        ("ValueError: Invalid Input name (picture) for SignatureDef",),
        "signature runner argument name keyword unknown input",
    ),
    Exhibit(
        "cut_not_rounded", "Cut off, not rounded", SILENCE,
        "astype(np.int8) cuts the fraction off, so a part of all inputs is stored one step too low.",
        "Round, then clip, then cast: np.clip(np.round(x / scale + zero_point), -128, 127).astype(np.int8).",
        "06", "5 · An integer model, by hand",
        signs="truncating instead of rounding quantize int8 input astype rounded down slightly different answers off "
        "by one step",
    ),
    Exhibit(
        "cast_not_quantized", "Floats cast to integers", SILENCE,
        "An int8 model takes any int8. Real numbers from 0 to 1, only cast, are all 0 or 1: to the model, nearly grey.",
        "Divide by the scale and add the zero point before you cast.",
        "06", "5 · An integer model, by hand",
        signs="int8 input fed with floats cast astype not quantized all outputs predictions the same identical answer "
        "for every input image nonsense",
    ),
    Exhibit(
        "zero_point_in_int8", "The zero point in 8 bits", SILENCE,
        "int8 minus a zero point of -128 does not fit into int8, and NumPy wraps round without a word.",
        "Widen first: output.astype(np.float32) - zero_point.",
        "06", "5 · An integer model, by hand",
        signs="zero point subtracted overflow int8 wraps round negative probabilities dequantize output wrong",
    ),
    Exhibit(
        "scaled_twice", "Prepared twice", SILENCE,
        "Inputs that were scaled already are scaled again, or the model does it in a layer of its own: all is nearly "
        "black.",
        "Prepare in one place, write the range into the model's card, and look at the minimum and maximum.",
        "10", "5 · The card",
        signs="preprocessing applied twice scale normalized two times low accuracy all outputs predictions the same "
        "identical class answer for every input image",
    ),
)  # fmt: skip
