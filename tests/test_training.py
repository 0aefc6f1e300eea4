"""training: the real functions, on little; what is not good enough does not ship."""

import json

import numpy as np
import pytest

from labutils import data, models
from labutils.tflite.runtime import open_model

tf = pytest.importorskip("tensorflow")
from training import __main__ as program  # noqa: E402
from training.augment import resampled, varied  # noqa: E402
from training.convert import NotAsGood, compared, converted, write_checksums  # noqa: E402
from training.fit import Fitted, fit_cnn, fit_mobilenet, fit_neuron, predicted  # noqa: E402


@pytest.fixture(scope="module")
def few():
    images, labels = data.digits("train")
    return images[:128], labels[:128]


def test_resampling_with_the_identity_is_the_preprocessing(few):
    n = len(few[0])
    same = resampled(few[0], np.tile(np.eye(2), (n, 1, 1)), np.zeros((n, 2)), 64)
    assert np.allclose(data.as_mobilenet_input(same), data.for_mobilenet(few[0]), atol=1e-6)


def test_resampling_moves_by_whole_pixels(few):
    moved = resampled(few[0][:1], np.eye(2)[np.newaxis], np.array([[1.0, 0.0]]), 8)
    assert np.array_equal(moved[0, :-1], few[0][0, 1:])


def test_varied_digits_are_digits_still_and_reproducible(few):
    once, again, other = (varied(few[0], np.random.default_rng(seed), 8) for seed in (1, 1, 2))
    assert np.array_equal(once, again) and not np.array_equal(once, other)
    assert data.for_cnn(once).shape == (128, 8, 8, 1)  # which checks the range
    assert once.mean() == pytest.approx(few[0].mean(), rel=0.2)


def test_neuron_trained_anew_answers_19_for_10():
    model = fit_neuron()
    file = open_model(converted(model))
    assert file.predict(np.float32([[10]])) == pytest.approx(19, abs=0.1)
    assert file.predict(np.float32([[10]])) == pytest.approx(predicted(model, np.float32([[10]])), abs=1e-5)


def test_cnn_learns_and_its_seed_decides(few):
    first, again = (fit_cnn(3, 10, few, few) for _ in range(2))
    assert first.validation_accuracy > 0.5
    assert first.validation_loss == pytest.approx(again.validation_loss, rel=1e-4)
    assert fit_cnn(4, 1, few, few).validation_loss != first.validation_loss


def test_mobilenet_training_runs_and_gives_the_model_of_the_course(few):
    import keras

    tf.config.run_functions_eagerly(True)  # tracing the graph would take ten times as long as the two steps
    try:
        fitted = fit_mobilenet(0, 1, few, few)
    finally:
        tf.config.run_functions_eagerly(False)
    norms = [layer for layer in fitted.model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert {layer.momentum for layer in norms} == {0.999}  # the default constructor's: the lower one is for training
    assert any(np.any(layer.moving_mean.numpy() != 0) for layer in norms)
    assert 0 <= fitted.validation_accuracy <= 1 and np.isfinite(fitted.validation_loss)


def test_what_ships_is_chosen_by_validation(tmp_path, monkeypatch):
    model = models.mobilenet_v2_digits()
    fits = [Fitted(0, model, 0.99, 0.01), Fitted(1, model, 1.0, 0.05), Fitted(2, model, 1.0, 0.03)]
    monkeypatch.setattr(program, "fit_mobilenet", lambda seed, *_: fits[seed])
    monkeypatch.setattr(program, "converted", lambda _: models.asset("mobilenet_v2_digits.tflite").read_bytes())
    report = program.ship_mobilenet(tmp_path, seeds=(0, 1, 2), epochs=1)["mobilenet_v2_digits"]
    assert report["shipped_seed"] == 2
    assert json.loads(json.dumps(report)) == report
    with np.load(tmp_path / "mobilenet_v2_digits.npz") as weights:
        assert weights.keys() == {variable.path for variable in model.variables}
    write_checksums(tmp_path)
    monkeypatch.setattr(models, "ASSETS", tmp_path)
    assert models.asset("mobilenet_v2_digits.tflite").is_file()


def test_a_poor_model_does_not_ship(tmp_path, monkeypatch):
    poor = Fitted(0, models.digits_cnn(), 0.1, 2.3)
    monkeypatch.setattr(program, "fit_cnn", lambda *_: poor)
    with pytest.raises(NotAsGood, match="test accuracy"):
        program.ship_cnn(tmp_path, epochs=1)
    assert not list(tmp_path.iterdir())


def test_a_conversion_that_changes_the_answers_does_not_ship():
    inputs = np.linspace(-3, 3, 7, dtype=np.float32)[:, np.newaxis]
    with pytest.raises(NotAsGood, match="DOES NOT AGREE"):
        compared(models.asset("neuron.tflite").read_bytes(), 3 * inputs, inputs, max_error=1e-3)
