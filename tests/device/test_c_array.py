"""A model as a C array: two compilers take it, and the program that they make gives back every byte."""

import re
import shutil
import subprocess

import pytest

from labutils import cli
from labutils.device.c_array import c_array, default_name, write_c_array
from labutils.errors import LabError
from labutils.models import asset
from tests.throwaway import files_of

READER = """
#include <stdio.h>
#include <stdint.h>
#include "NAME.h"

int main(void) {
  if ((uintptr_t)NAME % 16 != 0 || sizeof(NAME) != NAME_len) return 3;
  return fwrite(NAME, 1, NAME_len, stdout) != NAME_len;
}
"""


@pytest.mark.parametrize("compiler", [["gcc", "-std=c11"], ["g++", "-std=c++17", "-x", "c++"]], ids=["C", "C++"])
def test_a_program_gives_back_every_byte(shipped, tmp_path, compiler):
    if not shutil.which(compiler[0]):
        pytest.skip(f"there is no {compiler[0]}")
    name = default_name(shipped)
    write_c_array(shipped, tmp_path / f"{name}.h")
    (tmp_path / "reader.c").write_text(READER.replace("NAME", name))
    strict = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-O0"]
    subprocess.run([*compiler, *strict, "reader.c", "-o", "reader"], cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "reader"], capture_output=True, check=True).stdout == shipped.read_bytes()


def test_its_comment_tells_what_the_model_reads_and_writes():
    text = c_array(asset("digits_cnn_int8.tflite"), "digits")
    head = text[: text.index("*/")]
    reads, writes = re.findall(r"(?:reads|writes): +(.*)", head)
    assert "int8, ?x8x8x1, real = " in reads and "int8, ?x10, real = 0.00390625 * (number - -128)" in writes
    assert "CONV_2D" in head and "SOFTMAX" in head and "SHA-256: " in head


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a b-c.tflite", "a_b_c"), ("7.tflite", "model_7"), ("größe.tflite", "gr_e"), ("日本.tflite", "model"),
        ("int.tflite", "model_int"), ("model", "model"), ("int8.tflite", "int8"),
    ],
)  # fmt: skip
def test_names_are_those_of_c(file, name):
    assert default_name(file) == name


def test_a_file_name_cannot_end_the_comment(tmp_path):
    path = tmp_path / "end *\\ \n.tflite"
    path.write_bytes(asset("neuron.tflite").read_bytes())
    assert c_array(path, "a").splitlines()[0] == "/* end *? ?.tflite as a C array: 1,052 bytes."


@pytest.mark.parametrize("name", ["", "7up", "a-b", "int", "größe", "a b"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(LabError, match="can be no name in C"):
        c_array(asset("neuron.tflite"), name)


def test_select_operators_and_missing_weights_are_refused(tf, sources):
    converter = tf.lite.TFLiteConverter.from_saved_model(str(sources / "select"))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    with pytest.raises(LabError, match="FlexErf, which no microcontroller has|Flex.*, which no microcontroller has"):
        c_array(converter.convert())
    converter = tf.lite.TFLiteConverter.from_saved_model(str(sources / "saved_by_tensorflow"))
    with pytest.raises(LabError, match=r"lacks its weights \(VAR_HANDLE\)"):
        c_array(converter.convert())


def test_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", "c-array", str(asset("neuron.tflite"))]) == 0
    assert capsys.readouterr().out == "neuron.h\n"
    assert (tmp_path / "neuron.h").read_text() == c_array(asset("neuron.tflite"), "neuron")
    assert cli.main(["export", "c-array", str(asset("neuron.tflite")), "-o", "it.h", "--name", "mine"]) == 0
    assert "static const unsigned char mine[] = {" in (tmp_path / "it.h").read_text()


@pytest.mark.parametrize("kind", ["missing", "truncated", "text", "empty", "nowhere"])
def test_what_cannot_be_exported_is_one_sentence_and_nothing_is_written(tmp_path, monkeypatch, capsys, kind):
    monkeypatch.chdir(tmp_path)
    whole = asset("digits_cnn.tflite").read_bytes()
    content = {"truncated": whole[:40_000], "text": b"hello, reader", "empty": b"", "nowhere": whole}
    if kind != "missing":
        (tmp_path / "m.tflite").write_bytes(content[kind])
    before = files_of(tmp_path)
    where = ["-o", "no such folder/m.h"] if kind == "nowhere" else []
    assert cli.main(["export", "c-array", "m.tflite", *where]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("labs: ") and err.count("\n") == 1
    assert files_of(tmp_path) == before


def test_a_form_has_to_be_named(capsys):
    with pytest.raises(SystemExit):
        cli.main(["export"])
    assert "Name the form" in capsys.readouterr().err
