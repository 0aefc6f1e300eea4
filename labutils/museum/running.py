"""Room 5, running."""

from labutils.museum.exhibit import MESSAGE, SILENCE, Exhibit

VIEW = (
    "RuntimeError: There is at least 1 reference to internal data in the interpreter in the form of a numpy array or "
    "slice. Be sure to only hold the function returned from tensor() if you are using raw data access."
)
EXHIBITS = (
    Exhibit(
        "set_before_allocate", "Set before allocate", MESSAGE,
        "Before allocate_tensors no tensor has a place in memory that could be written to.",
        "Call allocate_tensors() once after loading, and after every resize.",
        "06", "3 · Mistakes, each made once",
        (
            "ValueError: Cannot set tensor: Tensor is unallocated. Try calling allocate_tensors() first",
            "ValueError: Tensor data is null. Run allocate_tensors() first",
        ),
        "set_tensor before allocate_tensors",
    ),
    Exhibit(
        "read_before_invoke", "Read before invoke", SILENCE,
        "get_tensor returns what lies in the arena: zeros, or the answer to the question before.",
        "Call invoke() between set_tensor and get_tensor.",
        "06", "3 · Mistakes, each made once",
        signs="read before invoke get_tensor without invoke forgot to call invoke answer of the image before stale "
        "old output result zeros the same answer for every image",
    ),
    Exhibit(
        "invoke_after_resize", "Invoke after resize", MESSAGE,
        "A resize changes the plan of the memory, and the new plan has not been carried out.",
        "Call allocate_tensors() after resize_tensor_input, and set the inputs again.",
        "06", "4 · More than one at a time",
        ("RuntimeError: Invoke called on model that is not ready.",),
        "invoke before allocate_tensors resize_tensor_input",
    ),
    Exhibit(
        "kept_view", "A view that is kept", MESSAGE,
        "tensor(index)() is a view into the interpreter's memory, which might move under it while it runs.",
        "Copy, as get_tensor does; or hold only the function tensor(index), and call it when you look.",
        "06", "A view that is kept",
        (VIEW,),
        "numpy view slice of tensor held kept",
    ),
    Exhibit(
        "runner_held", "A runner beside calls by number", MESSAGE,
        "A signature runner holds views of its own, so that calls by number on the same interpreter are refused.",
        "Use one way for one interpreter, or open a second interpreter for the other.",
        "06", "2 · By name: signatures",
        (VIEW,),
        "get_signature_runner and invoke allocate_tensors on the same interpreter",
    ),
    Exhibit(
        "two_threads", "One interpreter in two threads", MESSAGE,
        "An interpreter has one arena, and serves one caller at a time: most calls of the other are refused, and "
        "now and then the process dies.",
        "Give each thread an interpreter of its own; they may share the file.",
        "06", "One interpreter, two threads",
        (VIEW,),
        "threads threading thread pool web server concurrent parallel calls share an interpreter",
    ),
    Exhibit(
        "flex_at_run_time", "Flex refused at run time", MESSAGE,
        "The file needs TensorFlow's operators, and this runtime does not carry them: since TensorFlow 2.20 no Python "
        "package does. The converter's calibration has none either.",
        "Rewrite the operator; on Android and iOS link the Flex library; here, labs flex install runs such files.",
        "05", "6 · Does it run?",
        (
            "RuntimeError: Select TensorFlow op(s), included in the given model, is(are) not supported by this "
            "interpreter. Make sure you apply/link the Flex delegate before inference. For the Android, it can be "
            'resolved by adding "org.tensorflow:tensorflow-lite-select-tf-ops" dependency. See instructions: '
            "https://www.tensorflow.org/lite/guide/ops_selectNode number 0 (FlexTan) failed to prepare.",
        ),
        "Select model in a runtime without Flex delegate",
    ),
    Exhibit(
        "unresolved_custom_op", "An operator that nobody brought", MESSAGE,
        "allow_custom_ops lets the converter write names of operators that the runtime must then be given.",
        "Leave allow_custom_ops off unless you have written the operator; rewrite the model instead.",
        "05", "An operator of your own",
        (
            "RuntimeError: Encountered unresolved custom op: Tan. See instructions: "
            "https://www.tensorflow.org/lite/guide/ops_custom Node number 0 (Tan) failed to prepare.",
        ),
        "allow_custom_ops custom operator at run time",
    ),
    Exhibit(
        "old_interpreter", "The interpreter under its old name", MESSAGE,
        "TensorFlow Lite has become LiteRT, and its interpreter a package of its own.",
        "from ai_edge_litert.interpreter import Interpreter: the same calls, without TensorFlow.",
        "06", "10 · Old name, new name",
        (
            "UserWarning: Warning: tf.lite.Interpreter is deprecated and is scheduled for deletion in TF 2.20. Please "
            "use the LiteRT interpreter from the ai_edge_litert package. See the [migration guide]"
            "(https://ai.google.dev/edge/litert/migration) for details.",
        ),
        "tf.lite deprecated warning",
    ),
)  # fmt: skip
