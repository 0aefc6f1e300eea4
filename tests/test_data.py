"""labutils.data: the digits' splits are fixed, the preprocessing is right, the photographs need no network."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from labutils import data
from labutils.errors import LabError

# Of the test labels and images: whoever changes the split would test the shipped weights on what they were trained on.
TEST_LABELS = "23ee9bd0b5c64ba290c340e1563c370a0717493fe2e7ea2797650ffbd2c97cb7"
TEST_IMAGES = "dd45a4008d20ff7051a1b13f863d654b6ad3f8bf4c76aee64312e315c6a26730"


def sha256(array: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


@pytest.mark.parametrize("module", ["labutils.data", "labutils.models"])
def test_import_is_light(module):
    heavy = ["tensorflow", "keras", "sklearn", "skimage", "matplotlib", "ai_edge_litert", "PIL"]
    code = f"import {module}, sys; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("split, size", [("train", 1257), ("validation", 180), ("test", 360)])
def test_splits_have_their_sizes_and_every_class_in_proportion(split, size):
    images, labels = data.digits(split)
    assert images.shape == (size, 8, 8) and images.dtype == np.uint8 and images.max() == 16
    assert labels.shape == (size,) and labels.dtype == np.int64
    assert np.bincount(labels, minlength=10) == pytest.approx(np.full(10, size / 10), rel=0.07)


def test_splits_are_all_digits_and_share_none():
    from sklearn.datasets import load_digits

    ours = [row for split in data.SPLIT_SIZES for row in data.digits(split)[0].reshape(-1, 64).tolist()]
    everything = load_digits().data.astype(int).tolist()
    assert sorted(ours) == sorted(everything)
    assert len({tuple(row) for row in everything}) == len(everything)  # so no image can stand in two splits


def test_test_split_is_the_one_the_weights_never_saw():
    images, labels = data.digits("test")
    assert sha256(labels) == TEST_LABELS
    assert sha256(images) == TEST_IMAGES


def test_splits_ignore_the_global_seed_and_belong_to_the_caller():
    np.random.seed(123)  # noqa: NPY002
    data._splits.cache_clear()
    images, labels = data.digits("test")
    images[:], labels[:] = 0, 0
    assert sha256(data.digits("test")[1]) == TEST_LABELS


def test_unknown_split():
    with pytest.raises(LabError, match="train, validation, test"):
        data.digits("tset")


def test_for_cnn():
    images, _ = data.digits("validation")
    prepared = data.for_cnn(images)
    assert prepared.shape == (180, 8, 8, 1) and prepared.dtype == np.float32
    assert (prepared.min(), prepared.max()) == (0, 1)
    assert np.array_equal(prepared[..., 0] * 16, images)


@pytest.mark.parametrize("size", [8, 32, 64, 96])
def test_for_mobilenet_enlarges_bilinearly(size):
    from skimage.transform import resize

    images, _ = data.digits("validation")
    prepared = data.for_mobilenet(images, size)
    assert prepared.shape == (180, size, size, 3) and prepared.dtype == np.float32
    assert prepared.min() >= -1 and prepared.max() <= 1
    assert np.array_equal(prepared[..., 0], prepared[..., 2])
    expected = resize(images[7] / 8 - 1, (size, size), order=1, mode="edge")
    assert prepared[7, ..., 1] == pytest.approx(expected, abs=1e-5)


def test_for_mobilenet_keeps_paper_and_ink_at_the_ends():
    ends = data.for_mobilenet(np.stack([np.zeros((8, 8)), np.full((8, 8), 16)]))
    assert np.all(ends[0] == -1) and np.all(ends[1] == 1)


@pytest.mark.parametrize("prepare", [data.for_cnn, data.for_mobilenet])
@pytest.mark.parametrize(
    "wrong, cure",
    [
        (np.zeros((8, 8)), "images\\[:1\\]"),
        (np.zeros((1, 8, 8, 1)), "shape"),
        (np.zeros((0, 8, 8)), "shape"),
        (np.full((1, 8, 8), 17), "0 to 16"),
        (np.full((1, 8, 8), -1), "0 to 16"),
        (np.full((1, 8, 8), np.nan), "0 to 16"),
        (np.full((1, 8, 8), "a"), "0 to 16"),
    ],
)
def test_preprocessing_refuses_what_is_no_digit(prepare, wrong, cure):
    with pytest.raises(LabError, match=cure):
        prepare(wrong)


@pytest.mark.parametrize("size", [0, 7, 64.0, "64"])
def test_for_mobilenet_refuses_sizes(size):
    with pytest.raises(LabError, match="8 or more"):
        data.for_mobilenet(np.zeros((1, 8, 8)), size)


@pytest.mark.parametrize("name", data.PHOTOGRAPHS)
def test_photographs_are_read_without_a_network(name, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a photograph was downloaded"))
    image = data.photograph(name)
    assert image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3
    assert min(image.shape[:2]) >= 300 and np.ptp(image) > 200
    image[:] = 0  # the caller's own


def test_unknown_photograph_names_those_there_are():
    with pytest.raises(LabError, match="chelsea"):
        data.photograph("cat")


def test_photograph_of_a_missing_package(monkeypatch):
    monkeypatch.setattr(data, "find_spec", lambda _: None)
    with pytest.raises(LabError, match="install"):
        data.photograph("coffee")
