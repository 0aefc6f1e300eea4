"""labutils.pretrained and labutils.fetch: ImageNet weights from a stand-in for the public server, or from nowhere.

The real files are not needed: a MobileNetV2 with random weights, saved in their format, takes their place.
"""

import json
import socket
import threading
import urllib.request
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from labutils import data, fetch, pretrained
from labutils.errors import LabError
from labutils.fetch import Unreachable

WEIGHTS = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96.h5"
INDEX = pretrained.INDEX_FILE
PUBLIC = (pretrained.WEIGHTS_ADDRESS, pretrained.INDEX_ADDRESS)  # before `cache` puts others in their place
NAMES = tuple(f"name of {number}" for number in range(1000))


@pytest.fixture(scope="module")
def source(tf):
    """A MobileNetV2 as Keras Applications makes it, with random weights in every place."""
    import keras

    keras.utils.set_random_seed(7)
    model = keras.applications.MobileNetV2((96, 96, 3), alpha=0.35, weights=None)
    rng = np.random.default_rng(7)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, value.shape) for value in layer.get_weights()])
    return model


@pytest.fixture(scope="module")
def published(source, tmp_path_factory):
    """A folder with the two files, in the formats of the public ones."""
    import h5py
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    folder = tmp_path_factory.mktemp("published")
    with h5py.File(folder / WEIGHTS, "w") as file:
        save_weights_to_hdf5_group(file, source)
    index = {str(number): [f"n{number:08}", name.replace(" ", "_")] for number, name in enumerate(NAMES)}
    (folder / INDEX).write_text(json.dumps(index))
    return folder


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder; counts what is fetched; `cut` is the share of a file that arrives; `silent` holds requests."""

    def do_HEAD(self):  # noqa: N802
        self.server.silent.wait(20)
        super().do_HEAD()

    def do_GET(self):  # noqa: N802
        self.server.fetched[self.path.rsplit("/", 1)[-1]] += 1
        super().do_GET()

    def copyfile(self, source, outputfile):
        content = source.read()
        outputfile.write(content[: int(len(content) * self.server.cut)])

    def log_message(self, *_):
        pass


@pytest.fixture
def server(published):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(published)))
    server.fetched, server.cut, server.silent = Counter(), 1, threading.Event()
    server.silent.set()
    server.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.silent.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache, and no mirror: whoever forgets to start a server meets a closed door, not the network."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("LABS_MIRROR", raising=False)
    for name in ("WEIGHTS_ADDRESS", "INDEX_ADDRESS"):
        monkeypatch.setattr(pretrained, name, "http://127.0.0.1:9/")
    return tmp_path / "models"


@pytest.fixture
def online(server, monkeypatch):
    for name in ("WEIGHTS_ADDRESS", "INDEX_ADDRESS"):
        monkeypatch.setattr(pretrained, name, server.address)
    return server


def answers(model, pictures):
    return model.predict(pretrained.for_imagenet(pictures), verbose=0)


def test_imagenet_is_fetched_once_and_answers_as_its_source(online, cache, source, capfd):
    subject = pretrained.load("imagenet", 0.35, 96)
    assert sorted(path.name for path in cache.iterdir()) == sorted([WEIGHTS, INDEX])
    expected = answers(source, subject.pictures)
    assert np.ptp(expected, axis=0).max() > 0
    assert answers(subject.model, subject.pictures) == pytest.approx(expected, abs=1e-6)
    again = pretrained.load("imagenet", 0.35, 96)
    assert online.fetched == {WEIGHTS: 1, INDEX: 1}
    assert answers(again.model, again.pictures) == pytest.approx(expected, abs=1e-6)
    assert capfd.readouterr().out == ""


def test_the_imagenet_subject_is_as_documented(online):
    subject = pretrained.load("imagenet", 0.35, 96)
    assert subject.pictures.shape == subject.inputs.shape == (len(data.PHOTOGRAPHS), 96, 96, 3)
    assert (subject.pictures.dtype, subject.inputs.dtype) == (np.uint8, np.float32)
    assert -1 <= subject.inputs.min() < -0.5 and 0.5 < subject.inputs.max() <= 1
    assert subject.inputs == pytest.approx(subject.pictures / 127.5 - 1, abs=1e-6)
    assert subject.labels is None and subject.classes == NAMES
    assert [tensor.name for tensor in subject.model.inputs] == ["image"]
    assert subject.model.output_shape == (None, 1000)
    assert subject.note.startswith("MobileNetV2 0.35 with 96 pixels, trained on ImageNet, and 7 photographs")


def test_photographs_are_cut_in_the_middle():
    left, middle = data.photograph("china")[:, :106], data.photograph("china")[:, 106:533]
    picture = pretrained.photographs(128)[data.PHOTOGRAPHS.index("china")]
    assert abs(picture.mean() - middle.mean()) < 1 < abs(left.mean() - middle.mean())


def test_what_is_in_the_cache_needs_no_network(cache, published, monkeypatch):
    cache.mkdir()
    for name in (WEIGHTS, INDEX):
        (cache / name).write_bytes((published / name).read_bytes())

    def refuse(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert pretrained.imagenet_weights(0.35, 96) == cache / WEIGHTS
    assert pretrained.class_names() == NAMES


def test_keras_uses_the_very_same_file(online, cache, monkeypatch):
    from keras.src.applications import imagenet_utils, mobilenet_v2
    from keras.src.backend import config

    assert pretrained.imagenet_weights(0.35, 96) == cache / WEIGHTS
    monkeypatch.setattr(config, "_KERAS_DIR", str(cache.parent))
    monkeypatch.setattr(mobilenet_v2, "BASE_WEIGHT_PATH", "http://127.0.0.1:9/")
    mobilenet_v2.MobileNetV2((96, 96, 3), alpha=0.35, weights="imagenet")
    assert imagenet_utils.CLASS_INDEX_PATH.endswith("/" + INDEX)


def test_the_public_addresses_are_those_of_keras():
    from keras.src.applications import imagenet_utils, mobilenet_v2

    assert (mobilenet_v2.BASE_WEIGHT_PATH, imagenet_utils.CLASS_INDEX_PATH.removesuffix(INDEX)) == PUBLIC


def test_no_network_means_digits_and_a_note(cache):
    subject = pretrained.load("imagenet", 0.35, 96)
    assert subject.note == (
        "imagenet_class_index.json cannot be fetched (Connection refused): connect once, set LABS_MIRROR, or use "
        "weights=digits. Used instead: MobileNetV2 0.35 with 64 pixels, trained on digits, and 360 test digits."
    )
    assert subject.model.input_shape == (None, 64, 64, 3) and len(subject.classes) == 10
    assert not list(cache.glob("*"))


def test_digits_need_nothing():
    subject = pretrained.load()
    assert subject.pictures.shape == (360, 8, 8) and subject.inputs.shape == (360, 64, 64, 3)
    found = subject.model.predict(subject.inputs[:60], verbose=0).argmax(axis=1)
    assert (found == subject.labels[:60]).mean() > 0.9
    assert subject.classes == tuple("0123456789")
    assert "ImageNet" not in subject.note and "cannot" not in subject.note


def test_without_a_network_the_functions_say_what_to_do():
    with pytest.raises(Unreachable, match=r"0.35_96.h5 cannot be fetched .*: connect once, set LABS_MIRROR, or use w"):
        pretrained.mobilenet_v2_imagenet(0.35, 96)


def test_a_transfer_that_breaks_off_leaves_nothing(online, cache):
    online.cut = 0.6
    with pytest.raises(Unreachable, match=r"cannot be fetched \(retrieval incomplete: got only"):
        pretrained.imagenet_weights(0.35, 96)
    assert not list(cache.iterdir())
    online.cut = 1
    assert pretrained.imagenet_weights(0.35, 96).is_file()


def test_what_is_no_weights_file_is_not_kept(online, cache, published):
    (published / WEIGHTS.replace("96", "128")).write_text("<html>Please log in to this network.</html>")
    with pytest.raises(Unreachable, match="what came is no whole .h5 file"):
        pretrained.imagenet_weights(0.35, 128)
    assert not list(cache.iterdir())


def test_a_file_that_the_server_lacks(online, cache):
    with pytest.raises(Unreachable, match=r"1.0_224.h5 cannot be fetched \(404 -- File not found\)"):
        pretrained.imagenet_weights(1.0, 224)
    assert not list(cache.iterdir())


def test_silence_costs_no_more_than_patience(online, monkeypatch):
    monkeypatch.setattr(fetch, "PATIENCE", 0.2)
    before = socket.getdefaulttimeout()
    online.silent.clear()
    with pytest.raises(Unreachable, match=r"\((no answer within 0.2 seconds|timed out)\)"):
        pretrained.class_names()
    assert socket.getdefaulttimeout() == before


@pytest.mark.parametrize("share", [0.5, 0.999, 0])
def test_damaged_weights_in_the_cache_are_named_with_the_cure(online, cache, published, share):
    content = (published / WEIGHTS).read_bytes()
    cache.mkdir()
    (cache / WEIGHTS).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(LabError, match="0.35_96.h5 is no whole .h5 file: delete this file") as raised:
        pretrained.imagenet_weights(0.35, 96)
    assert not isinstance(raised.value, Unreachable) and not online.fetched


def test_a_damaged_list_of_classes(cache):
    cache.mkdir()
    (cache / INDEX).write_text('{"0": ["n01440764", "tench"]}')
    with pytest.raises(LabError, match="is no whole list of the 1,000 classes: delete this file"):
        pretrained.load("imagenet", 0.35, 96)


def test_weights_of_another_width_are_refused(cache, published):
    cache.mkdir()
    (cache / WEIGHTS.replace("0.35", "0.5")).write_bytes((published / WEIGHTS).read_bytes())
    with pytest.raises(LabError, match=r"0.5_96.h5 does not fit alpha=0.5 \(ValueError\): delete this file"):
        pretrained.mobilenet_v2_imagenet(0.5, 96)


@pytest.mark.parametrize("form", ["{folder}", "file://{folder}", "{folder}/", "{address}"])
def test_a_mirror_takes_the_place_of_the_public_address(form, server, published, cache, monkeypatch):
    mirror = form.format(folder=published, address=server.address)
    monkeypatch.setenv("LABS_MIRROR", mirror)
    assert pretrained.class_names() == NAMES
    assert pretrained.imagenet_weights(0.35, 96).parent == cache
    assert sum(server.fetched.values()) == (2 if form == "{address}" else 0)


def test_a_mirror_that_lacks_the_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("LABS_MIRROR", str(tmp_path))
    with pytest.raises(Unreachable, match=r"\(the folder lacks it\): put it into LABS_MIRROR, .*, or use w"):
        pretrained.class_names()
    assert "put it into LABS_MIRROR" in pretrained.load("imagenet", 0.35, 96).note


@pytest.mark.parametrize(
    "wrong, cure",
    [
        (("imagenet", 0.4, 96), "choose 0.35, 0.5, 0.75, 1.0, 1.3 or 1.4"),
        (("imagenet", 1.0, 64), "image_size=96, 128, 160, 192 or 224, not 64"),
        (("imagenet", 1.4, 96), "image_size=224, not 96"),
        (("digits", 1.0, 64), "alpha=0.35 and image_size=64"),
        (("digits", 0.35, 96), "alpha=0.35 and image_size=64"),
        (("flowers", 0.35, 96), 'weights="digits"'),
    ],
)
def test_what_does_not_exist_is_refused(wrong, cure):
    with pytest.raises(LabError, match=cure):
        pretrained.load(*wrong)


def test_the_cache_is_where_keras_keeps_it(monkeypatch, tmp_path):
    from keras.src.backend import config

    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert fetch.cache_folder() == tmp_path / "home" / ".keras" / "models"
    monkeypatch.setenv("KERAS_HOME", config.keras_home())
    assert str(fetch.cache_folder().parent) == config.keras_home()


def test_a_cache_that_cannot_be_written_is_left_for_the_temporary_one(monkeypatch):
    monkeypatch.setattr(fetch.os, "access", lambda *_: False)
    assert fetch.cache_folder().parent.name == ".keras"
    assert "KERAS_HOME" not in str(fetch.cache_folder())
