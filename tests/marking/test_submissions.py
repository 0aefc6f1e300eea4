"""Whose is what: names of every platform, zips that mean harm, and nothing that goes by in silence."""

import io
import json
import os
import stat
import struct
import unicodedata
import zipfile

import pytest

from labutils.course.students import folder_names
from labutils.errors import LabError
from labutils.marking.submissions import find_submissions, missing

LAB = "01_single_neuron"
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
# Path within the place -> the student, where no list is given.
NAMED = {
    "by file": {"ada.ipynb": "ada", "Zoë Li.ipynb": "Zoë Li"},
    "by file and lab": {f"{LAB}_ada.ipynb": "ada", f"bob-{LAB}-final (2).ipynb": "bob", "lab1_eve.ipynb": "eve"},
    "by folder": {f"Ada_Lovelace/{LAB}.ipynb": "Ada_Lovelace", f"Zoë Li/{LAB}-Copy1.ipynb": "Zoë Li"},
    "called alike": {"Ada/answers v2b.ipynb": "Ada", "Zoë/answers v2b.ipynb": "Zoë"},
    "called after nothing": {"Ada/Untitled.ipynb": "Ada", "Zoë/homework-final.ipynb": "Zoë"},
    "in groups": {"Week 1/ada.ipynb": "ada", "Week 2/ada.ipynb": "ada", "Week 2/zoë.ipynb": "zoë"},
    "one wrapper": {f"all of them/Ada/{LAB}.ipynb": "Ada", f"all of them/Zoë/{LAB}.ipynb": "Zoë"},
    "one student": {f"Ada/{LAB}.ipynb": "Ada"},
    "by lab, then by student": {f"{LAB}/Ada/x.ipynb": "Ada", f"{LAB}/Zoë/x.ipynb": "Zoë"},
    "numbers": {f"1234567/{LAB}.ipynb": "1234567", "student_002.ipynb": "student_002"},
    "names like words": {"Mark Twain.ipynb": "Mark Twain", "Nguyen My.ipynb": "Nguyen My"},
    "Moodle": {
        "Ada Lovelace_1234567_assignsubmission_file_/lab.ipynb": "Ada Lovelace",
        "Zoë Li_1234568_assignsubmission_file_/a/b/x.ipynb": "Zoë Li",
        "Bob Ross_1234569_assignsubmission_file_lab.ipynb": "Bob Ross",
        "Participant_41_assignsubmission_file_/x.ipynb": "Participant 41",
        "Participant_42_assignsubmission_file_/x.ipynb": "Participant 42",
    },
    "Canvas": {"lovelaceada_LATE_12345_67890_lab-1.ipynb": "lovelaceada", "lizoë_12346_67891_my_lab.ipynb": "lizoë"},
    "Blackboard": {
        "Lab_1_ada_attempt_2026-11-02-10-15-30_lab.ipynb": "ada",
        "Lab_1_zoe@uni.edu_poging_2026-11-02-10-15-31_lab.ipynb": "zoe@uni.edu",
    },
    "nbgrader": {f"submitted/ada/hw/{LAB}.ipynb": "ada", "submitted/zoe/hw/problem1.ipynb": "zoe"},
    "Google Classroom": {"Ada Lovelace - lab.ipynb": "Ada Lovelace", f"Zoë Li - {LAB}.ipynb": "Zoë Li"},
    "Brightspace": {
        "12345-67890 - Ada Lovelace - Nov 2, 2026 1015 AM/lab.ipynb": "Ada Lovelace",
        "12345-67891 - Mary-Ann O'Neil - Sep 24, 2024 926 PM/x.ipynb": "Mary-Ann O'Neil",
    },
    "ILIAS": {"Lovelace_Ada_ada_12345/lab.ipynb": "Ada Lovelace", "Li_Zoë Anna_zli_1234/x.ipynb": "Zoë Anna Li"},
}
# How Ada Lovelace and Zoë Li are called where there is a list of them.
MEANT = [
    "Ada Lovelace.ipynb", "ADA_LOVELACE.ipynb", "lovelace, ada.ipynb", "ada-lovelace.ipynb",
    f"group 7/{LAB} Ada Lovelace final.ipynb", f"Lovelace_Ada/some/where/{LAB}.ipynb", "AdaLovelace.ipynb",
    "lovelaceada_12345_67890_lab.ipynb", "Lovelace_Ada_xy_12345/lab.ipynb",
    "Lab_ada lovelace_attempt_2026-11-02-10-15-30_x.ipynb",
    f"Lovelace Ada_1_assignsubmission_file_/{LAB}.ipynb",
]  # fmt: skip


def put(folder, files):
    """Writes files; a value that is no bytes is the notebook."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else NOTEBOOK)
    return folder


def zipped(files, method=zipfile.ZIP_DEFLATED):
    """A zip of (name, content) pairs, or of a dict, as bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content if isinstance(content, bytes) else NOTEBOOK)
    return stream.getvalue()


def made_for(student, kind="variant"):
    stamp = {kind: {"lab": LAB, "student": student}}
    return json.dumps({"cells": [], "metadata": {"labutils": stamp}}, ensure_ascii=False).encode()


def found(place, students=None, **more):
    return {each.file: each for each in find_submissions(place, students, **more)}


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("form", NAMED)
def test_the_student_is_found_in_every_naming(form, packed, tmp_path):
    place, prefix = tmp_path / "submissions", ""
    if packed:
        place, prefix = tmp_path / "submissions.zip", "submissions.zip/"
        place.write_bytes(zipped(dict.fromkeys(NAMED[form])))
    else:
        put(place, NAMED[form])
    assert {file: each.student for file, each in found(place).items()} == {
        prefix + file: student for file, student in NAMED[form].items()
    }
    for each in find_submissions(place):
        assert each.read() == NOTEBOOK
        assert (each.reason, each.notes) == ("", ())


@pytest.mark.parametrize("name", MEANT)
def test_a_list_finds_whoever_is_meant(name, tmp_path):
    students = ["Zoë Li", "Ada Lovelace", "Ada"]
    (each,) = find_submissions(put(tmp_path, {name: None}), students)
    assert (each.student, each.notes) == ("Ada Lovelace", ())
    assert missing([each], students) == ["Zoë Li", "Ada"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("student", ["Zoë Li", "Łukasz Žák", "田中 太郎", "Νίκος Ω", "محمد علي", "O'Brien, D.", "नेहा"])
def test_names_of_any_script_in_any_composition(student, form, tmp_path):
    names = [
        f"{student}.ipynb",
        f"{folder_names([student])[0]}/{LAB}.ipynb",
        f"{student}_7_assignsubmission_file_/x.ipynb",
    ]
    put(tmp_path, {unicodedata.normalize(form, name): None for name in names})
    every = find_submissions(tmp_path, ["Somebody Else", student])
    assert [each.student for each in every] == [student] * 3
    assert all(each.file == unicodedata.normalize("NFC", each.file) and not each.notes for each in every)


def test_without_accents_is_enough_where_it_is_one_person(tmp_path):
    put(tmp_path, {"Zoe Li.ipynb": None, "Rene.ipynb": None})
    every = found(tmp_path, ["Zoë Li", "René", "Renè"])
    assert every["Zoe Li.ipynb"].student == "Zoë Li"
    assert every["Rene.ipynb"].notes == ("Rene is not on the list of students.",)


def test_who_is_not_on_the_list_is_kept_with_a_note(tmp_path):
    put(tmp_path, {"Bob.ipynb": None, "Eve_5_assignsubmission_file_/Ada.ipynb": None, "Ada.ipynb": None})
    every = find_submissions(tmp_path, ["Ada"])
    assert [each.student for each in every] == ["Ada", "Bob", "Eve"]
    assert [each.notes for each in every][1:] == [
        (f"{name} is not on the list of students.",) for name in ("Bob", "Eve")
    ]


def test_folder_and_file_that_name_two_students_become_a_note(tmp_path):
    (each,) = find_submissions(put(tmp_path, {"Ada/Bob.ipynb": None}), ["Ada", "Bob"])
    assert each.student == "Ada"
    assert "says Ada" in each.notes[0]
    assert "says Bob" in each.notes[0]


def test_students_who_differ_in_capitals_are_two(tmp_path):
    students = ["ada", "Ada"]
    folders = folder_names(students)
    put(tmp_path, {f"{folder}/{LAB}.ipynb": None for folder in folders})
    assert [each.student for each in find_submissions(tmp_path, students)] == students


def test_what_a_variant_says_of_itself_comes_last(tmp_path):
    put(tmp_path, {
        "O_Brien-e6e624964c/x.ipynb": made_for("O'Brien"),  # agrees: the folder is how the name is written there
        f"Zoë_Li/{LAB}.ipynb": made_for("Zoë Li"),
        "Bob/x.ipynb": made_for("Zoë Li", "release"),
        f"{LAB} (3).ipynb": made_for("Eve"),  # nothing else says it
    })  # fmt: skip
    for students in (None, ["Bob", "Eve", "O'Brien", "Zoë Li"]):
        every = find_submissions(tmp_path, students)
        assert [each.student for each in every] == ["Bob", "Eve", "O'Brien", "Zoë Li"]
        assert [bool(each.notes) for each in every] == [True, False, False, False]
        assert "made for Zoë Li" in every[0].notes[0]


@pytest.mark.parametrize(
    "stamp",
    [b'"variant"', b'{"variant": 1}', b'{"variant": {"student": 7}}', b'{"release": {}}', b"[" * 9_000, b"null"],
)
def test_what_a_notebook_says_of_itself_may_be_anything(stamp, tmp_path):
    put(tmp_path, {"Ada.ipynb": b'{"metadata": {"labutils": ' + stamp + b', "variant": 1}}'})
    (each,) = find_submissions(tmp_path)
    assert (each.student, each.reason, each.notes) == ("Ada", "", ())


def test_one_spelling_for_one_student(tmp_path):
    put(tmp_path, {f"ada_lovelace/{LAB}.ipynb": None, "Ada Lovelace.ipynb": None, "Zoë.ipynb": None})
    assert [each.student for each in find_submissions(tmp_path)] == ["Ada Lovelace", "Ada Lovelace", "Zoë"]


def test_one_spelling_for_a_stranger_and_none_for_who_is_on_the_list(tmp_path):
    put(tmp_path, {f"bob_ross/{LAB}.ipynb": None, "Bob Ross.ipynb": None, "ada.ipynb": None, "Ada.ipynb": None})
    assert [each.student for each in find_submissions(tmp_path, ["ada", "Ada"])] == [
        "ada",
        "Ada",
        "Bob Ross",
        "Bob Ross",
    ]


def test_where_nothing_says_whose_files_are_they_are_not_one_students(tmp_path):
    place = put(tmp_path / "Prof Smith", {"lab (1).ipynb": None, "lab (2).ipynb": None, "  .ipynb": None})
    every = find_submissions(place)
    assert sorted(each.student for each in every) == ["  .ipynb", "lab (1)", "lab (2)"]
    assert all("Nothing says whose" in each.notes[0] for each in every)


def test_a_place_that_is_one_students_is_theirs(tmp_path):
    place = put(tmp_path / "Ada Lovelace", {f"{LAB}.ipynb": None, "02_mobilenet_v2.ipynb": None})
    assert {each.student for each in find_submissions(place)} == {"Ada Lovelace"}


@pytest.mark.parametrize("students", [None, ["O'Brien", "ada", "Ada"]], ids=["no list", "a list"])
def test_whole_releases_that_come_back_are_one_students_each(students, tmp_path):
    names = ["O'Brien", "ada", "Ada"]
    beside = dict.fromkeys(["labs-01/labs.py", "labs-01/labutils/data.py", "labs-01/README.md"], b"x")
    for name, folder in zip(names, folder_names(names), strict=True):
        notebook = {f"labs-01/notebooks/{LAB}.ipynb": made_for(name, "release")}
        put(tmp_path, {f"{folder}.zip": zipped({**notebook, **beside})})
    every = find_submissions(tmp_path, students)
    assert sorted((each.student, each.reason, each.notes) for each in every) == [
        (name, "", ()) for name in sorted(names)
    ]


def test_two_of_one_name_are_told_apart_within_one_assignment_only(tmp_path):
    form = "{}/Ada_{}_assignsubmission_file_/x.ipynb"
    put(tmp_path, {form.format("week 1", 11): None, form.format("week 2", 12): None})
    assert {each.student for each in find_submissions(tmp_path)} == {"Ada"}
    put(tmp_path, {form.format("week 1", 13): None})
    assert {each.student for each in find_submissions(tmp_path)} == {"Ada", "Ada 11", "Ada 13"}


def test_the_lab_is_read_off_the_name(tmp_path):
    names = [
        f"{LAB}.ipynb",
        "ada/Copy of 01-Single-Neuron (2).ipynb",
        "ada/lab 7.ipynb",
        f"{LAB}/ada/x.ipynb",
        "ada/collab1.ipynb",
    ]
    names += [
        "eve_12345_67890_lab-2.ipynb",
        "lab 2_bob_attempt_2026-11-02-10-15-30_x.ipynb",
        "eve_12345_67891_lab-2-3.ipynb",
    ]
    labs = [each.lab for each in found(put(tmp_path, dict.fromkeys(names))).values()]
    assert sorted(labs) == ["", "", LAB, LAB, LAB, "02_mobilenet_v2", "02_mobilenet_v2", "07_paths"]


def test_a_bundle_gives_one_submission_for_each_notebook(tmp_path):
    inner = {f"course/notebooks/{name}.ipynb": None for name in (LAB, "02_mobilenet_v2")}
    inner |= {"course/img/x.png": b"x", "course/README.md": b"x", "course/key.csv": b"x", "course/labs.py": b"x"}
    put(tmp_path, {"Ada Lovelace.zip": zipped(inner), "Zoë.zip": zipped(inner)})
    every = find_submissions(tmp_path)
    assert [(each.student, each.lab) for each in every] == [
        (student, lab) for student in ("Ada Lovelace", "Zoë") for lab in (LAB, "02_mobilenet_v2")
    ]
    assert every[0].file == f"Ada Lovelace.zip/course/notebooks/{LAB}.ipynb"


def test_tries_come_in_the_order_of_the_platform_else_of_the_name(tmp_path):
    names = [f"liz_12345_{70000 - n}_lab{'-' + str(n) if n else ''}.ipynb" for n in range(12)]
    dates = ["2025-12-31-23-59-59", "2026-01-02-03-04-05", "2026-11-01-00-00-00"]
    names += [f"Lab_bob_attempt_{date}_{letter}.ipynb" for date, letter in zip(dates, "cab", strict=True)]
    names += [
        f"1-2 - eve - {date}/x.ipynb" for date in ("Jan 2, 2026 1205 AM", "Jan 2, 2026 1100 AM", "Jan 2, 2026 110 PM")
    ]
    names += ["zoë/lab.ipynb", "zoë/lab (2).ipynb", "zoë/lab (10).ipynb"]
    every = [each.file for each in find_submissions(put(tmp_path, dict.fromkeys(reversed(names))))]
    by_student = {"bob": names[12:15], "eve": names[15:18], "liz": names[:12], "zoë": names[18:]}
    assert every == [name for group in by_student.values() for name in group]


PASSED_OVER = [
    f"Ada/.ipynb_checkpoints/{LAB}-checkpoint.ipynb", f"__MACOSX/Ada/._{LAB}.ipynb", f"Ada/._{LAB}.ipynb",
    "Ada/.hidden.ipynb", ".git/x.ipynb", "Ada/img/x.ipynb", "key.csv", "README.md", "Ada/Readme.txt", "Ada/~$x.docx",
    "Bob_12_assignsubmission_onlinetext_/onlinetext.html", "Bob_12_assignsubmission_onlinetext_onlinetext.html",
    "Lab_bob_attempt_2026-11-02-10-15-30.txt", "Ada/helpers.py", "Ada/data.csv", "Ada/report.pdf", "index.html",
    "Ada/timestamp.txt", "Thumbs.db", "Ada/neuron.tflite",
]  # fmt: skip


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_what_nobody_handed_in_is_passed_over(packed, tmp_path):
    place, files = tmp_path / "place", dict.fromkeys([*PASSED_OVER, f"Ada/{LAB}.ipynb"])
    if packed:
        place = tmp_path / "place.zip"
        place.write_bytes(zipped(files))
    else:
        put(place, files)
    assert [each.file.removeprefix("place.zip/") for each in find_submissions(place)] == [f"Ada/{LAB}.ipynb"]


def test_a_zip_without_a_notebook_is_a_reason(tmp_path):
    assert reasons(tmp_path, zipped({"a.csv": b"x", "README.md": b"x"})) == {
        "Ada.zip": "Ada.zip holds no notebook: hand in the .ipynb file."
    }


@pytest.mark.parametrize("inner", [f"Ada/{LAB}.ipynb", f"Ada/a/b/{LAB}.ipynb"])
def test_the_name_of_the_zip_of_a_class_is_no_students(inner, tmp_path):
    (tmp_path / "Smith.zip").write_bytes(zipped({inner: None}))
    assert [each.student for each in find_submissions(tmp_path / "Smith.zip")] == ["Ada"]


def test_what_is_no_notebook_ends_with_a_reason_not_in_silence(tmp_path):
    put(
        tmp_path,
        {"ada.py": b"x", "bob.pdf": b"x", "eve/a.txt": b"x", "eve/eve.html": b"x", "zoë.ipynb": None, "zoë.pdf": b""},
    )
    every = find_submissions(tmp_path)
    assert [(each.student, each.reason) for each in every] == [
        ("ada", "ada.py is no notebook: hand in the .ipynb file."),
        ("bob", "bob.pdf is no notebook: hand in the .ipynb file."),
        ("eve", "eve.html is no notebook: hand in the .ipynb file (1 more files beside it)."),
        ("zoë", ""),
    ]
    assert every[0].read() == b"x"


def test_an_ending_that_a_browser_adds_is_none(tmp_path):
    put(tmp_path, {"ada.ipynb.json": None, "bob.ipynb.txt": None, "eve.IPYNB": None})
    assert [(each.student, each.reason) for each in find_submissions(tmp_path)] == [
        ("ada", ""),
        ("bob", ""),
        ("eve", ""),
    ]


@pytest.mark.parametrize(
    "what", ["missing", "empty", "a file", "no notebooks", "a torn zip", "an empty zip", "a zip of nothing"]
)
def test_a_place_that_holds_nothing_is_named_in_a_sentence(what, tmp_path):
    place = tmp_path / "x.zip"
    if what == "empty":
        place.mkdir()
    elif what == "no notebooks":
        put(place, {"a.csv": b"", "README.md": b""})
    elif what != "missing":
        contents = {"a file": b"text", "a torn zip": zipped({"a.ipynb": None})[:-9], "an empty zip": zipped({})}
        place.write_bytes(contents.get(what, zipped({"a.csv": b""})))
    with pytest.raises(LabError, match=r"x\.zip"):
        find_submissions(place)


def reasons(tmp_path, content, **more):
    """Of the zip `Ada.zip` in a folder with a good neighbour: what became of its files, by name."""
    put(tmp_path, {"Ada.zip": content, "Bob.ipynb": None})
    every = found(tmp_path, **more)
    assert every.pop("Bob.ipynb").reason == ""
    assert all(each.student == "Ada" for each in every.values())
    return {file: each.reason for file, each in every.items()}


@pytest.mark.parametrize(
    "name", ["../../evil.ipynb", "/etc/evil.ipynb", "a/../../evil.ipynb", "C:\\evil.ipynb", "..\\evil.ipynb"]
)
def test_a_path_out_of_a_zip_is_a_reason_and_nothing_is_written(name, tmp_path):
    before = {path for path in tmp_path.parent.rglob("*") if path != tmp_path}
    every = reasons(tmp_path, zipped({name: None, "good.ipynb": None}))
    assert every.pop("Ada.zip/good.ipynb") == ""
    ((file, reason),) = every.items()
    assert file.startswith("Ada.zip/")
    assert ".." not in file
    assert "leads out of its zip" in reason
    assert {path for path in tmp_path.parent.rglob("*") if path != tmp_path} - before == {
        tmp_path / "Ada.zip",
        tmp_path / "Bob.ipynb",
    }


def test_links_are_never_followed(tmp_path):
    secret = put(tmp_path / "elsewhere", {"secret.ipynb": None})
    place = put(tmp_path / "place", {f"Bob/{LAB}.ipynb": None})
    (place / "Ada.ipynb").symlink_to(secret / "secret.ipynb")
    (place / "Eve").symlink_to(secret, target_is_directory=True)
    (place / "Bob" / "self").symlink_to(place, target_is_directory=True)
    os.mkfifo(place / "Zoë.ipynb")
    every = found(place)
    assert {each.student: bool(each.reason) for each in every.values()} == {
        "Ada": True,
        "Bob": False,
        "Eve": True,
        "Zoë": True,
    }
    for name in ("Ada.ipynb", "Eve", "Zoë.ipynb"):
        assert "is a link, or no plain file" in every[name].reason
        with pytest.raises(LabError):
            every[name].read()


def test_a_file_that_becomes_a_link_later_is_not_followed_either(tmp_path):
    secret = put(tmp_path / "elsewhere", {"secret.ipynb": None})
    (each,) = find_submissions(put(tmp_path / "place", {"Ada.ipynb": None}))
    (tmp_path / "place" / "Ada.ipynb").unlink()
    with pytest.raises(LabError, match="cannot be read"):
        each.read()
    (tmp_path / "place" / "Ada.ipynb").symlink_to(secret / "secret.ipynb")
    with pytest.raises(LabError, match="cannot be read"):
        each.read()


def test_a_link_in_a_zip_is_a_reason(tmp_path):
    info = zipfile.ZipInfo("x.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "but a link" in reasons(tmp_path, zipped([(info, b"/etc/passwd")]))["Ada.zip/x.ipynb"]


def test_sizes_are_bounded_declared_or_not(tmp_path):
    content = zipped({"big.ipynb": b" " * 300_000, "small.ipynb": None})
    assert "larger than" in reasons(tmp_path, content, limit=100_000)["Ada.zip/big.ipynb"]
    start = content.index(b"PK\x01\x02")
    lying = bytearray(content)
    struct.pack_into("<I", lying, start + 24, 1_000)  # the table of contents says 1,000 bytes
    every = reasons(tmp_path, bytes(lying), limit=100_000)
    assert "cannot be unpacked" in every["Ada.zip/big.ipynb"]
    assert every["Ada.zip/small.ipynb"] == ""


def test_a_file_on_disk_is_bounded_when_it_is_found_and_when_it_is_read(tmp_path):
    put(tmp_path, {"Ada.ipynb": b" " * 3_000_000, "Bob.ipynb": None})
    every = found(tmp_path, limit=2**20)
    assert every["Ada.ipynb"].reason == "Ada.ipynb is larger than 1 MB: ask for it with its outputs cleared."
    (tmp_path / "Bob.ipynb").write_bytes(b" " * 3_000_000)
    with pytest.raises(LabError, match="larger than 1 MB"):
        every["Bob.ipynb"].read(2**20)


def test_files_that_share_their_bytes_are_refused(tmp_path):
    content = bytearray(zipped({f"{number}.ipynb": os.urandom(100) for number in range(3)}))
    places = [at for at in range(len(content)) if content[at : at + 4] == b"PK\x01\x02"]
    struct.pack_into("<I", content, places[2] + 42, 10)  # the third lies upon the first
    assert "lie upon one another" in reasons(tmp_path, bytes(content))["Ada.zip"]


def test_a_zip_of_very_many_files_is_refused_at_once(tmp_path):
    assert (
        "holds more than 100,000" in reasons(tmp_path, zipped({"a.ipynb": None}) + b"PK\x01\x02" * 100_001)["Ada.zip"]
    )


def test_encrypted_and_strangely_packed_files_are_reasons(tmp_path):
    content = bytearray(zipped({"secret.ipynb": None}))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + offset] |= 1
    assert "without a password" in reasons(tmp_path, bytes(content))["Ada.zip/secret.ipynb"]
    assert "a plain zip" in reasons(tmp_path, zipped({"x.ipynb": None}, zipfile.ZIP_BZIP2))["Ada.zip/x.ipynb"]


def test_a_zip_is_read_or_refused_wherever_it_is_damaged(tmp_path):
    content = zipped({"a.ipynb": None, "inner.zip": zipped({"b.ipynb": None})})
    for cut in range(0, len(content), 7):
        for torn in (content[:cut], content[:cut] + bytes([content[cut] ^ 255]) + content[cut + 1 :]):
            every = reasons(tmp_path, torn)
            assert every, cut
            for each in find_submissions(tmp_path):
                try:
                    each.read()
                except LabError:
                    continue


def test_zips_within_zips_are_read_down_to_a_depth(tmp_path):
    content = zipped({"deep.ipynb": None})
    for depth in range(1, 5):
        ((file, reason),) = reasons(tmp_path, content).items()
        assert (file.count(".zip/"), reason) == (depth, "")
        content = zipped({f"{depth}.zip": content})
    ((file, reason),) = reasons(tmp_path, content).items()
    assert file == "Ada.zip/4.zip/3.zip/2.zip/1.zip"
    assert "a zip in a zip" in reason


def test_two_files_of_one_name_in_a_zip(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped([("x.ipynb", NOTEBOOK), ("x.ipynb", b"{}"), ("y.ipynb", NOTEBOOK), ("y.ipynb", NOTEBOOK)])
    put(tmp_path, {"Ada.zip": content})
    every = find_submissions(tmp_path)
    assert [(each.file, bool(each.reason)) for each in every] == [
        ("Ada.zip/x.ipynb", False), ("Ada.zip/x.ipynb", True), ("Ada.zip/y.ipynb", False),
    ]  # fmt: skip
    assert "twice, with different contents" in every[1].reason


def test_names_in_zips_without_a_mark_of_their_code(tmp_path):
    content = zipped({"Zo-- Li.ipynb": None, "J?rg.ipynb": None}).replace(b"Zo-- Li", "Zoë Li".encode())
    (tmp_path / "class.zip").write_bytes(content.replace(b"J?rg", b"J\x94rg"))
    assert [each.student for each in find_submissions(tmp_path / "class.zip")] == ["Jörg", "Zoë Li"]


def test_a_name_that_would_disturb_a_terminal_or_a_page(tmp_path):
    put(tmp_path, {"Eve\x1b[31m\n\u202e.ipynb": None, os.fsdecode(b"Bob\xff.ipynb"): None})
    every = find_submissions(tmp_path)
    assert [each.file for each in every] == ["Bob\ufffd.ipynb", "Eve\ufffd[31m\ufffd.ipynb"]
    assert [each.read() for each in every] == [NOTEBOOK] * 2
