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

WRONG = {
    "03.convert_command": CONVERT_COMMAND,
    "03.input_signature": INPUT_SIGNATURE,
    "03.operator_changes": OPERATOR_CHANGES,
}
