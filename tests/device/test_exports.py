"""Sources of apps: all that they say of the model is true, and any name may stand in them."""

import ast
import json
import re
import tokenize
from dataclasses import replace
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labutils import cli
from labutils.device import exports
from labutils.device.card import make_card, read_card, write_card
from labutils.device.exports import FORMS, MODEL, export, sources
from labutils.device.literals import android, kotlin, markdown, shown, slug, swift
from labutils.tflite.runtime import open_model
from tests.device.cards import card_of
from tests.throwaway import files_of

KOTLIN = "app/src/main/java/org/example/classifier/"
WHERE = {
    "android": {"card": f"{KOTLIN}Card.kt", "assets": "app/src/main/assets/", "classifier": f"{KOTLIN}Classifier.kt"},
    "ios": {"card": "Classifier/Card.swift", "assets": "Classifier/Resources/",
            "classifier": "Classifier/Classifier.swift"},
}  # fmt: skip
HOSTILE = 'My "5 $ {x} ${y} \\(z)" \\n model\'s <b>&amp; </string> */ größe 🦔 日本 \u202e {{ x }}'
MODELS = ("cnn_float", "cnn_uint8", "cnn_int8", "mobilenet_uint8")
CARDS = [
    card_of(side, channels, dtype, kind, grain, low, HOSTILE, labels=("a", "b"))
    for side, grain, low in ((8, 8, 0.0), (24, 8, -1.0))
    for channels in (1, 3)
    for dtype in ("float32", "uint8", "int8")
    for kind in ("drawing", "photograph")
]


@pytest.fixture(scope="module")
def exported(request, tmp_path_factory):
    """Exports a fixture's model once: by form and the model's name; gives the texts by path, and the model's path."""
    made = {}

    def get(form, name):
        model = request.getfixturevalue(name)
        if (form, name) not in made:
            made[form, name] = export(form, model, tmp_path_factory.mktemp("export") / name / form)
        return made[form, name], model

    return get


def constants(text: str) -> dict[str, str]:
    """Named constants of Kotlin or Swift, by their names without case and underscores: their text."""
    found = re.findall(r"^ *(?:const val|static let) (\w+) = (.*?)(?: //.*)?$", text, re.MULTILINE)
    return {name.replace("_", "").lower(): value for name, value in found}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("form", ["android", "ios"])
def test_the_apps_numbers_are_the_models(exported, form, name):
    folder, path = exported(form, name)
    model, card = open_model(path), read_card(path)
    (taken,), (given) = model.inputs.values(), next(iter(model.outputs.values()))
    text = (folder / WHERE[form]["card"]).read_text("utf-8")
    said = constants(text)
    assert (1, int(said["side"]), int(said["side"]), int(said["channels"])) == taken.shape
    assert int(said["classes"]) == given.shape[1]
    assert re.findall(r"The (input|output), (\w+):", text) == [("input", taken.dtype), ("output", given.dtype)]
    assert (float(said["low"]), float(said["high"]), int(said["grain"])) == (card.picture.low, card.picture.high, 8)
    for end, spec in (("input", taken), ("output", given)):
        if spec.scale:
            assert float(said[f"{end}scale"]) == spec.scale
            assert int(said[f"{end}zeropoint"]) == spec.zero_point
        else:
            assert f"{end}scale" not in said
    limits = {"uint8": (0, 255), "int8": (-128, 127)}.get(taken.dtype.name)
    found = [said["inputmin"], said["inputmax"]] if "inputmin" in said else said.get("inputrange", "").split("...")
    assert tuple(float(each) for each in found if each) == (limits or ())


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("form", ["android", "ios"])
def test_the_app_calls_what_the_dtypes_need(exported, form, name):
    folder, path = exported(form, name)
    given = next(iter(open_model(path).outputs.values()))
    text = (folder / WHERE[form]["classifier"]).read_text("utf-8")
    calls = {"android": {"float32": ("writeFloat", "readFloat()"), "uint8": ("writeInt8", "readInt8()"),
                         "int8": ("writeInt8", "readInt8()")},
             "ios": {"float32": ("Float($0)", "[Float]"), "uint8": ("quantized", "[UInt8]"),
                     "int8": ("quantized", "[Int8]")}}  # fmt: skip
    for needed in calls[form][given.dtype.name]:
        assert needed in text
    signed = (folder / WHERE[form]["card"]).with_name("Preparation.kt")
    if form == "android" and given.dtype != "float32":
        assert ("and 0xFF" in signed.read_text("utf-8")) == (given.dtype == "uint8")


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("form", FORMS)
def test_every_export_carries_the_model_and_its_labels(exported, form, name):
    folder, path = exported(form, name)
    assets = folder / WHERE[form]["assets"] if form in WHERE else folder
    assert (assets / MODEL).read_bytes() == path.read_bytes()
    if form == "linux":
        assert read_card(folder / MODEL, folder / "card.json") == replace(read_card(path), model=MODEL)
    else:
        assert (assets / "labels.txt").read_text() == "".join(f"{digit}\n" for digit in range(10))


@pytest.mark.parametrize("form", FORMS)
def test_every_place_of_the_templates_is_filled_and_lines_are_tidy(form):
    for card in CARDS:
        for path, text in sources(form, replace(card, name="plain")).items():
            assert not re.search(r"\{\{|\{%|\{#", text), path
            assert text.endswith("\n") and not re.search(r"[ \t]$|\n\n\n|\n\n$|\t", text, re.MULTILINE), path
            assert all(len(line) <= 120 for line in text.splitlines()) or path.endswith(".md"), path


def code_of(text: str) -> str:
    """Kotlin or Swift without strings and comments."""
    return re.sub(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', "", text, flags=re.DOTALL)


@pytest.mark.parametrize("form", ["android", "ios"])
def test_brackets_are_closed_in_their_order(form):
    pairs = {")": "(", "]": "[", "}": "{"}
    texts = [item for card in CARDS for item in sources(form, card).items()]
    for path, text in texts:
        if not path.endswith((".kt", ".kts", ".swift")):
            continue
        open_ones = []
        for letter in code_of(text):
            if letter in "([{":
                open_ones.append(letter)
            elif letter in pairs:
                assert open_ones and open_ones.pop() == pairs[letter], path
        assert not open_ones, path


def decoded(literal: str, forbidden: str) -> str:
    """What a string literal of Kotlin or Swift stands for."""
    body = literal[1:-1]
    assert literal[0] == literal[-1] == '"' and "\n" not in body
    assert not re.search(rf'(?<!\\)(?:\\\\)*["{forbidden}]', body)
    simple = re.compile(r"\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|([\\\"$]))")
    return simple.sub(lambda found: found[3] or chr(int(found[1] or found[2], 16)), body)


@given(st.text())
def test_any_text_comes_back_out_of_a_literal(text):
    assert decoded(kotlin(text), "$") == text
    assert decoded(swift(text), "\0") == text
    assert "\\(" not in swift(text).replace("\\\\", "")


@given(st.text())
@example("@anna")
@example("?attr & 'co'")
def test_a_shown_name_is_one_line_that_xml_can_hold(text):
    name = shown(text)
    assert name and name == " ".join(name.split())
    element = ElementTree.fromstring(f"<string>{android(name)}</string>")
    assert re.sub(r"\\(.)", r"\1", element.text) == name
    assert not re.search(r"""(?<!\\)(?:\\\\)*['"]|^[@?]""", element.text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_slug_may_stand_in_an_application_id(text):
    assert re.fullmatch("[a-z][a-z0-9_]*", slug(text))


def test_markdown_means_nothing_but_itself():
    assert markdown("a_b *c* `d` [e](f) <g> | # h") == r"a\_b \*c\* \`d\` \[e\](f) \<g\> \| \# h"


@pytest.mark.parametrize("form", FORMS)
def test_a_hostile_name_and_labels_come_through(cnn_uint8, tmp_path, form):
    labels = [*"0123456", 'a "b" $c ${d} \\(e) \\n', " <i>&amp;</i> ", "größe 🦔 \u2028 日本"]
    card = make_card(cnn_uint8, labels, grain=8, name=HOSTILE)
    path, _ = write_card(card, tmp_path)
    folder = export(form, cnn_uint8, tmp_path / "it", path)
    if form == "linux":
        assert json.loads((folder / "card.json").read_text("utf-8"))["labels"] == labels
        return
    found = (folder / WHERE[form]["assets"] / "labels.txt").read_bytes().decode("utf-8")
    assert found.removesuffix("\n").split("\n") == labels
    name = constants((folder / WHERE[form]["card"]).read_text("utf-8"))["name"]
    assert decoded(name, "$" if form == "android" else "\0") == shown(HOSTILE)
    if form == "android":
        strings = ElementTree.parse(folder / "app/src/main/res/values/strings.xml").getroot()
        app_name = next(each.text for each in strings if each.get("name") == "app_name")
        assert re.sub(r"\\(.)", r"\1", app_name) == shown(HOSTILE)


def test_the_android_app_asks_for_no_permission(exported):
    folder, _ = exported("android", "cnn_float")
    manifest = (folder / "app/src/main/AndroidManifest.xml").read_text("utf-8")
    assert "uses-permission" not in manifest and "INTERNET" not in manifest
    root = ElementTree.fromstring(manifest)
    activity = root.find("application/activity")
    assert activity.get("{http://schemas.android.com/apk/res/android}exported") == "true"


@pytest.mark.parametrize("kind", ["drawing", "photograph"])
def test_every_string_that_the_android_app_names_is_there(kind):
    texts = sources("android", card_of(8, 1, "float32", kind))
    strings = ElementTree.fromstring(texts["app/src/main/res/values/strings.xml"])
    there = {each.get("name") for each in strings}
    named = set(re.findall(r"R\.string\.(\w+)", "".join(texts.values()))) | set(
        re.findall(r"@string/(\w+)", texts["app/src/main/AndroidManifest.xml"])
    )
    assert named == there


@pytest.mark.parametrize("kind", ["drawing", "photograph"])
def test_the_readme_names_the_versions_that_the_build_uses(kind):
    texts = sources("android", card_of(8, 1, "float32", kind))
    build = texts["build.gradle.kts"] + texts["app/build.gradle.kts"]
    readme = " ".join(texts["README.md"].split())
    plugin, compiler, litert = (
        re.search(pattern, build)[1]
        for pattern in (r'application"\) version "(.*?)"', r'kotlin-gradle-plugin:(.*?)"', r'litert:litert:(.*?)"')
    )
    compiled, oldest, target = (
        re.search(rf"{name} = (\d+)", build)[1] for name in ("compileSdk", "minSdk", "targetSdk")
    )
    assert f"Android Gradle plugin {plugin}, Gradle " in readme and f"Kotlin {compiler}," in readme
    assert f"LiteRT {litert} (" in readme and f"API level {oldest})" in readme
    assert f"API level {compiled}." in readme and f"Platform {compiled}*" in readme and target == compiled


def test_the_others_readmes_name_their_versions():
    card = card_of(8, 1, "float32")
    texts = sources("linux", card)
    assert texts["requirements.txt"].splitlines() == ["ai-edge-litert~=2.3.0", "numpy", "pillow"]
    assert "LiteRT 2.3.0" in texts["README.md"] and "ai-edge-litert 2.3.0" in texts["README.md"]
    assert sources("ios", card)["README.md"].count("`release/2.3.0`") == 2


def test_litert_is_the_version_of_the_course(root):
    assert f'"ai-edge-litert~={exports.LITERT}"' in (root / "pyproject.toml").read_text()


@pytest.mark.parametrize("card", CARDS, ids=lambda card: f"{card.picture.kind}-{card.input.dtype}-{card.input.shape}")
def test_the_script_is_short_and_needs_three_packages(card):
    text = sources("linux", card)["classify.py"]
    tree = ast.parse(text)
    tokens = tokenize.generate_tokens(StringIO(text).readline)
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT)
    lines = {token.start[0] for token in tokens if token.type not in skipped}
    docstring = tree.body[0]
    assert len(lines - set(range(docstring.lineno, docstring.end_lineno + 1))) <= 20
    assert {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)} == {
        "json", "sys", "pathlib", "numpy", "ai_edge_litert.interpreter", "PIL"}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_command(cnn_uint8, tmp_path, monkeypatch, capsys, form):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    card = Path(write_card(replace(read_card(cnn_uint8), name="mine"), tmp_path)[0])
    assert cli.main(["export", form, str(cnn_uint8), "there", "--card", str(card)]) == 0
    assert capsys.readouterr().out == "there\n"
    assert (tmp_path / "there/README.md").read_text("utf-8").startswith("# mine, ")
    assert cli.main(["export", form, str(cnn_uint8), "a/new/one"]) == 0
    assert files_of(tmp_path / "a/new/one") == exports.files(form, cnn_uint8)
    assert not [path for path in tmp_path.rglob(".*") if path.is_dir()]
