"""Wrong answers to the exercises of lab 03."""

_IN, _OUT = "'--saved_model_dir', saved_model", "'--output_file', output"

CONVERT_COMMAND = {
    "one text": ("return f'tflite_convert --saved_model_dir {saved_model} --output_file {output}'", "one text"),
    "a split text": (
        "return f'tflite_convert --saved_model_dir {saved_model} --output_file {output}'.split()",
        "was a text split",
    ),
    "one word": (
        "return [f'tflite_convert --saved_model_dir {saved_model} --output_file {output}']",
        "first word holds the whole command",
    ),
    "a flag and its path in one word": (
        "return ['tflite_convert', f'--saved_model_dir {saved_model}', f'--output_file {output}']",
        "the flag and its value are two",
    ),
    "saved_model_cli": (f"return ['saved_model_cli', 'show', '--dir', saved_model, {_OUT}]", "`saved_model_cli` shows"),
    "no command": (f"return [{_IN}, {_OUT}]", "the command is `tflite_convert`"),
    "another command": (f"return ['toco', {_IN}, {_OUT}]", "It begins with 'toco'"),
    "a notebook's command": (f"return ['!tflite_convert', {_IN}, {_OUT}]", "a sign of the notebook"),
    "for a Keras file": (
        f"return ['tflite_convert', '--keras_model_file', saved_model, {_OUT}]",
        "is for a file of Keras",
    ),
    "swapped": (
        "return ['tflite_convert', '--saved_model_dir', output, '--output_file', saved_model]",
        "changed places",
    ),
    "no output": (f"return ['tflite_convert', {_IN}]", "where the file goes"),
    "no input": (f"return ['tflite_convert', {_OUT}]", "what to convert"),
    "a misspelled flag": (
        f"return ['tflite_convert', '--saved_model_folder', saved_model, {_OUT}]",
        "no flag '--saved_model_folder', and the command passes over",
    ),
    "a flag that labs convert has not": (
        f"return ['labs', 'convert', {_IN}, {_OUT}, '--quantisation', 'int8']",
        "and the command stops there",
    ),
    "hyphens": (
        "return ['tflite_convert', '--saved-model-dir', saved_model, '--output-file', output]",
        "no flag '--saved-model-dir'",
    ),
    "one dash": (
        f"return ['tflite_convert', '-saved_model_dir', saved_model, {_OUT}]",
        "no flag '-saved_model_dir'",
    ),
    "no dashes": (
        "return ['tflite_convert', 'saved_model_dir', saved_model, 'output_file', output]",
        "without its two dashes",
    ),
    "an ambiguous abbreviation": (
        f"return ['tflite_convert', '--saved_model', saved_model, {_OUT}]",
        "would stop here: ambiguous option",
    ),
    "no values": ("return ['tflite_convert', '--saved_model_dir', '--output_file']", "expected one argument"),
    "no flags": ("return ['tflite_convert', saved_model, output]", "belongs to no flag"),
    "cuts the version off": (
        f"import os; return ['tflite_convert', '--saved_model_dir', os.path.dirname(saved_model), {_OUT}]",
        "is cut off to",
    ),
    "adds a version": (
        f"return ['tflite_convert', '--saved_model_dir', saved_model + '/1', {_OUT}]",
        "goes on to",
    ),
    "the file inside": (
        f"return ['tflite_convert', '--saved_model_dir', saved_model + '/saved_model.pb', {_OUT}]",
        "goes on to",
    ),
    "the name of the output only": (
        f"import os; return ['tflite_convert', {_IN}, '--output_file', os.path.basename(output)]",
        "has lost its folder",
    ),
    "another output": (f"return ['tflite_convert', {_IN}, '--output_file', 'model.tflite']", "was given"),
    "quotes the paths": (
        f"return ['tflite_convert', '--saved_model_dir', '\"' + saved_model + '\"', {_OUT}]",
        "quotes in its path",
    ),
    "quotes for a shell": (
        "import shlex; return ['tflite_convert', '--saved_model_dir', shlex.quote(saved_model),\n"
        "        '--output_file', shlex.quote(output)]",
        "quotes in its path",
    ),
    "backslashes": (
        f"return ['tflite_convert', '--saved_model_dir', saved_model.replace(' ', '\\\\ '), {_OUT}]",
        "backslashes in its path",
    ),
    "a number among the words": (f"return ['tflite_convert', {_IN}, {_OUT}, 1]", "has to be a text"),
    "the paths of yesterday": (
        f"kept.append(['tflite_convert', {_IN}, {_OUT}])\n    return kept[0]",
        "was given",
    ),
    "a dictionary": ("return {'--saved_model_dir': saved_model, '--output_file': output}", "return a list of words"),
    "forgets return": (f"['tflite_convert', {_IN}, {_OUT}]", "does it end with `return`"),
}

_RUN = 'run = tf.saved_model.load(saved_model).signatures["serving_default"]\n    '
_SPECS = f"{_RUN}specs = run.structured_input_signature[1]\n    "

INPUT_SIGNATURE = {
    "the outputs": (
        f"{_RUN}return {{n: (tuple(s.shape), s.dtype.name) for n, s in run.structured_outputs.items()}}",
        "Those are the outputs",
    ),
    "names of tensors": (
        f"{_RUN}return {{t.name: (tuple(t.shape), t.dtype.name) for t in run.inputs if t.dtype != tf.resource}}",
        "name of a tensor inside the graph",
    ),
    "as saved_model_cli names them": (
        f"{_SPECS}return {{f'serving_default_{{n}}:0': (tuple(s.shape), s.dtype.name) for n, s in specs.items()}}",
        "name of a tensor inside the graph",
    ),
    "with the weights": (
        f"{_RUN}return {{t.name.split(':')[0]: (tuple(t.shape), t.dtype.name) for t in run.inputs}}",
        "The dtype of 'unknown'",
    ),
    "TensorSpecs": (f"{_SPECS}return specs", "a TensorSpec: return its shape"),
    "shapes only": (f"{_SPECS}return {{n: tuple(s.shape) for n, s in specs.items()}}", "pair of shape and name"),
    "dtypes only": (f"{_SPECS}return {{n: s.dtype.name for n, s in specs.items()}}", "pair of shape and name"),
    "the pair itself": (f"{_RUN}return run.structured_input_signature", "the dictionary is the second"),
    "the batch as -1": (
        f"{_SPECS}free = lambda s: tuple(-1 if size is None else size for size in s.shape)\n"
        "    return {n: (free(s), s.dtype.name) for n, s in specs.items()}",
        "`None` here, not -1",
    ),
    "the batch as 1": (
        f"{_SPECS}return {{n: (tuple(d or 1 for d in s.shape), s.dtype.name) for n, s in specs.items()}}",
        "`None`, not 1",
    ),
    "free sizes left out": (
        f"{_SPECS}return {{n: (tuple(d for d in s.shape if d), s.dtype.name) for n, s in specs.items()}}",
        "sizes that are free belong to it",
    ),
    "the batch left out": (
        f"{_SPECS}return {{n: (tuple(s.shape)[1:], s.dtype.name) for n, s in specs.items()}}",
        "sizes that are free belong to it",
    ),
    "a TensorShape": (
        f"{_SPECS}return {{n: (s.shape, s.dtype.name) for n, s in specs.items()}}",
        "a TensorShape: `tuple(spec.shape)`",
    ),
    "a list": (
        f"{_SPECS}return {{n: (s.shape.as_list(), s.dtype.name) for n, s in specs.items()}}",
        "a list: `tuple(spec.shape)`",
    ),
    "a dtype": (f"{_SPECS}return {{n: (tuple(s.shape), s.dtype) for n, s in specs.items()}}", "its `.name`"),
    "a dtype as text": (
        f"{_SPECS}return {{n: (tuple(s.shape), str(s.dtype)) for n, s in specs.items()}}",
        "`spec.dtype.name` gives",
    ),
    "swapped": (
        f"{_SPECS}return {{n: (s.dtype.name, tuple(s.shape)) for n, s in specs.items()}}",
        "the shape comes first",
    ),
    "the first input only": (
        f"{_SPECS}n, s = sorted(specs.items())[0]\n    return {{n: (tuple(s.shape), s.dtype.name)}}",
        "There are 2 inputs",
    ),
    "another signature": (
        "signatures = tf.saved_model.load(saved_model).signatures\n"
        "    (run,) = (run for key, run in signatures.items() if key != 'serving_default')\n"
        "    specs = run.structured_input_signature[1]\n"
        "    return {n: (tuple(s.shape), s.dtype.name) for n, s in specs.items()}",
        "inputs of another signature",
    ),
    "hard-coded": ("return {'features': ((None, 1), 'float32')}", "the inputs are called"),
    "the first answer for ever": (
        f"{_SPECS}kept.append({{n: (tuple(s.shape), s.dtype.name) for n, s in specs.items()}})\n    return kept[0]",
        "the SavedModel before",
    ),
    "always float32": (
        f"{_SPECS}return {{n: (tuple(s.shape), 'float32') for n, s in specs.items()}}",
        "it gives 'float32'",
    ),
    "no signatures": ("return tf.saved_model.load(saved_model)['serving_default']", "its signatures are in"),
    "a key that is not there": (
        "return tf.saved_model.load(saved_model).signatures['serve']",
        "is called `serving_default`",
    ),
    "another folder": ("return tf.saved_model.load(saved_model + '/1')", "Open the folder that is given"),
    "forgets return": (f"{_SPECS}specs", "does it end with `return`"),
}

_BOTH = "names = set(before) | set(after)\n    "

OPERATOR_CHANGES = {
    "the sign": (
        f"{_BOTH}return {{n: before[n] - after[n] for n in names if before[n] != after[n]}}",
        "signs are the wrong way round",
    ),
    "zeros kept": (f"{_BOTH}return {{n: after[n] - before[n] for n in names}}", "keeps operators whose number"),
    "a Counter's subtract": ("after.subtract(before)\n    return after", "keeps operators whose number"),
    "a Counter's minus": ("return after - before", "positive numbers only"),
    "a Counter's minus the other way": ("return dict(before - after)", "as a positive number"),
    "only those in both": (
        "return {n: after[n] - before[n] for n in after if n in before and after[n] != before[n]}",
        "in one of the two only",
    ),
    "both, zeros kept": ("return {n: after[n] - before[n] for n in after if n in before}", "that are in both"),
    "gone ones left out": (
        "return {n: after[n] - before[n] for n in after if after[n] != before[n]}",
        "and are gone",
    ),
    "new ones left out": (
        "return {n: after[n] - before[n] for n in before if after[n] != before[n]}",
        "operators that are new",
    ),
    "names of after": ("return {n: after[n] - before[n] for n in after}", "names of `after` only"),
    "names of before": ("return {n: after[n] - before[n] for n in before}", "names of `before` only"),
    "no signs": (
        f"{_BOTH}return {{n: abs(after[n] - before[n]) for n in names if before[n] != after[n]}}",
        "takes the signs away",
    ),
    "the new numbers": (
        f"{_BOTH}return {{n: after[n] for n in names if before[n] != after[n]}}",
        "gives the new numbers",
    ),
    "yes or no": (f"{_BOTH}return {{n: after[n] != before[n] for n in names}}", "a yes or no"),
    "pairs": (
        f"{_BOTH}return {{n: (before[n], after[n]) for n in names if before[n] != after[n]}}",
        "return one number",
    ),
    "names": (f"{_BOTH}return [n for n in names if before[n] != after[n]]", "the names alone"),
    "a set of names": ("return set(before) ^ set(after)", "the names alone"),
    "pairs in a list": (f"{_BOTH}return [(n, after[n] - before[n]) for n in names]", "return a dictionary"),
    "minus on dictionaries": ("return dict(after) - dict(before)", "name by name"),
    "trips over a missing one": (
        "before, after = dict(before), dict(after)\n    return {n: after[n] - before[n] for n in before}",
        "`.get(name, 0)`",
    ),
    "nothing": ("return {}", "it gives nothing"),
    "forgets return": (f"{_BOTH}{{n: after[n] - before[n] for n in names}}", "does it end with `return`"),
}

_TENSORS = (
    "from labutils.tflite.anatomy import anatomy\n"
    "    file = anatomy(content)\n"
    "    tensors = [tensor for graph in file.subgraphs for tensor in graph.tensors]\n    "
)
_STORED = f"{_TENSORS}stored = [tensor for tensor in tensors if tensor.bytes]\n    "
_INPUT = f"{_TENSORS}first = tensors[file.subgraphs[0].inputs[0]]\n    "

WAS_QUANTIZED = {
    "the input": (f"{_INPUT}return first.dtype == 'int8'", "the border alone"),
    "the input, by the interpreter": (
        "return Interpreter(model_content=content).get_input_details()[0]['dtype'] == np.int8",
        "the border alone",
    ),
    "any tensor": (f"{_TENSORS}return 'int8' in file.dtypes", "counts tensors that have no bytes"),
    "any tensor, by the interpreter": (
        "i = Interpreter(model_content=content)\n"
        "    return any(tensor['dtype'] == np.int8 for tensor in i.get_tensor_details())",
        "counts tensors that have no bytes",
    ),
    "any scale": (f"{_TENSORS}return any(t.quantization for t in tensors)", "counts tensors that have no bytes"),
    "activations": (
        f"{_TENSORS}return any(t.dtype == 'int8' for t in tensors if not t.bytes)",
        "the commonest of all",
    ),
    "int32": (f"{_STORED}return any(t.dtype == 'int32' for t in stored)", "looks for int32"),
    "any int": (f"{_STORED}return any('int' in t.dtype for t in stored)", "takes int32 for quantized"),
    "any int in any tensor": (
        f"{_TENSORS}return any('int' in dtype for dtype in file.dtypes)",
        "And it counts tensors that have no bytes",
    ),
    "float16": (f"{_STORED}return any(t.dtype in ('int8', 'float16') for t in stored)", "takes float16 for quantized"),
    "not float32": (f"{_STORED}return any(t.dtype != 'float32' for t in stored)", "everything that is not float32"),
    "not float32, in any tensor": (
        f"{_TENSORS}return set(file.dtypes) != {{'float32'}}",
        "wherever a tensor is not float32",
    ),
    "all of them": (f"{_STORED}return all(t.dtype == 'int8' for t in stored)", "says no to every file"),
    "the first weight": (f"{_STORED}return stored[0].dtype == 'int8'", "only some weights are int8, which"),
    "returns in the first round": (
        f"{_STORED}for tensor in stored:\n        return tensor.dtype == 'int8'",
        "only some weights are int8, which",
    ),
    "no float weight": (
        f"{_STORED}return 'float32' not in [t.dtype for t in stored if len(t.shape) > 1]",
        "says yes to a float16 file",
    ),
    "QUANTIZE": (f"{_TENSORS}return 'QUANTIZE' in file.operators", "looks for QUANTIZE"),
    "DEQUANTIZE": (f"{_TENSORS}return 'DEQUANTIZE' in file.operators", "looks for DEQUANTIZE"),
    "a word": ("return b'int8' in content", "searches for a word"),
    "the size": ("return len(content) < 1500", "goes by the size"),
    "always yes": ("return True", "says yes to every file"),
    "always no": ("return False", "says no to every file"),
    "inverted": (f"{_STORED}return all(t.dtype != 'int8' for t in stored)", "wrong way round"),
    "misspells": (f"{_STORED}return any(t.dtype == 'INT8' for t in stored)", "says no to every file"),
    "the first answer for ever": (
        f"{_STORED}kept.append(any(t.dtype == 'int8' for t in stored)); return kept[0]",
        "to every file",
    ),
    "only full integer": (
        f"{_INPUT}return first.dtype == 'int8' and any(t.dtype == 'int8' for t in stored)".replace(
            "return", "stored = [t for t in tensors if t.bytes]\n    return"
        ),
        "says no to a file that stores int8 weights",
    ),
    "forgets full integer": (
        f"{_INPUT}return first.dtype != 'int8' and any(t.dtype == 'int8' and t.bytes for t in tensors)",
        "says no to a file that is int8 throughout",
    ),
    "forgets the border": (
        f"{_INPUT}return first.dtype == 'int8' or any(t.dtype == 'int8' and t.bytes for t in tensors)",
        "counts tensors that have no bytes",
    ),
    "a number": (f"{_STORED}return [t.dtype for t in stored].count('int8')", "return `True` or `False`"),
    "names": (f"{_STORED}return [t.name for t in stored if t.dtype == 'int8']", "return `True` or `False`"),
    "forgets the graphs": (f"{_TENSORS}return 'int8' in [t.dtype for t in file.tensors]", "in the graphs"),
    "graphs as a graph": (f"{_TENSORS}return file.subgraphs.operators", "are tuples"),
    "bytes as a path": ("return b'int8' in open(content, 'rb').read()", "and no path"),
    "bytes as a model's path": ("return Interpreter(content).get_tensor_details()", "`Interpreter(model_content"),
    "forgets return": (f"{_STORED}any(t.dtype == 'int8' for t in stored)", "does it end with `return`"),
}

WRONG = {
    "03.convert_command": CONVERT_COMMAND,
    "03.input_signature": INPUT_SIGNATURE,
    "03.operator_changes": OPERATOR_CHANGES,
    "03.was_quantized": WAS_QUANTIZED,
}
