"""Room 1, making the model."""

from labutils.museum.exhibit import MESSAGE, SILENCE, Exhibit

EXHIBITS = (
    Exhibit(
        "lists_in_fit", "Lists in fit", MESSAGE,
        "Keras 3 trains on arrays, tensors and datasets; a Python list was accepted by Keras 2 alone.",
        "Make arrays of them, with a first axis for the batch: np.array(xs, np.float32)[:, None].",
        "01", "1 · A task with a known answer",
        ("ValueError: Unrecognized data type: x=[-1.0, 0.0, 1.0] (of type <class 'list'>)",),
        "fit refuses python lists as training data",
    ),
    Exhibit(
        "sgd_lr", "SGD with lr", MESSAGE,
        "The argument lr was renamed years ago, and Keras 3 has dropped the old name.",
        "Write learning_rate=0.01, or pass the number first and without a name.",
        "01", "1 · A task with a known answer",
        ("ValueError: Argument(s) not recognized: {'lr': 0.01}",),
        "optimizer does not accept the argument lr learning rate",
    ),
    Exhibit(
        "save_to_folder", "Save to a folder", MESSAGE,
        "In Keras 2, model.save(folder) wrote a SavedModel; in Keras 3 save writes one file, .keras or .h5.",
        "Use model.export(folder) for what a converter or a server reads, model.save('x.keras') to go on training.",
        "02", "5 · Four ways to keep it",
        (
            "ValueError: Invalid filepath extension for saving. Please add either a `.keras` extension for the native "
            "Keras format (recommended) or a `.h5` extension. Use `model.export(filepath)` if you want to export a "
            "SavedModel for use with TFLite/TFServing/etc. Received: filepath=",
        ),
        "model.save to a directory folder without extension",
    ),
    Exhibit(
        "load_a_folder", "Load a folder", MESSAGE,
        "A SavedModel holds a computation and weights, but no Keras layers, so Keras 3 cannot make a model of it.",
        "Wrap it: keras.layers.TFSMLayer(folder, call_endpoint='serving_default') is a layer that only answers.",
        "02", "10 · Where trained models come from",
        (
            "ValueError: File format not supported: filepath=saved_model/1. Keras 3 only supports V3 `.keras` files, "
            "legacy H5 format files (`.h5` extension). Note that the legacy SavedModel format is not supported by "
            "`load_model()` in Keras 3. In order to reload a TensorFlow SavedModel as an inference-only layer in Keras "
            "3, use `keras.layers.TFSMLayer(saved_model/1, call_endpoint='serving_default')` (note that your "
            "`call_endpoint` might have a different name).",
        ),
        "load_model load a SavedModel directory keras 3",
    ),
    Exhibit(
        "input_without_name", "Input without a name", SILENCE,
        "Keras names such an input by a counter of the session, so the file's input is called differently each time.",
        "Name it: keras.Input((1,), name='x').",
        "01", "1 · A task with a known answer",
        signs="automatic input name keras_tensor changes counter differs after second conversion from run to run",
    ),
    Exhibit(
        "hub_layer", "A Hub layer in Sequential", MESSAGE,
        "hub.KerasLayer, like every layer of Keras 2, is no keras.Layer of Keras 3, and neither is a tf.Module.",
        "Use keras.layers.TFSMLayer for a SavedModel, or call the module in a keras.Layer of your own.",
        "02", "10 · Where trained models come from",
        (
            "ValueError: Only instances of `keras.Layer` can be added to a Sequential model. Received: "
            "<__main__.Doubler object> (of type <class '__main__.Doubler'>)",
        ),
        "tensorflow hub KerasLayer in keras sequential",
    ),
    Exhibit(
        "weights_offline", "Weights without a network", MESSAGE,
        "weights='imagenet' is the default of every network in keras.applications, and means a download.",
        "Say weights=None and load weights that you have; or fetch once, with labutils.fetch and LABS_MIRROR.",
        "02", "4 · The weights, and what it sees",
        (
            "Exception: URL fetch failure on https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/"
            "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5: None -- [Errno -2] Name or service not known",
            "Exception: URL fetch failure on https://localhost:9/weights.h5: None -- [Errno 111] Connection refused",
            "Exception: URL fetch failure on",
        ),
        "imagenet pretrained weights cannot be downloaded offline no internet connection proxy",
    ),
)  # fmt: skip
