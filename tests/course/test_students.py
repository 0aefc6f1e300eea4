"""The list of a class, from whichever program it came; and folders for its names, on whichever system."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labutils.course.students import folder_names, plain, read_students
from labutils.errors import LabError

NAMES = st.lists(st.text(min_size=1).map(plain).filter(bool), unique=True, max_size=12)
# Few letters, and such as are taken for each other: most lists have names that some system cannot tell apart.
ALIKE = st.lists(st.text("aAäÄ_ -.ſsßﬁ/1¹\u0308\u200d", min_size=1).map(plain).filter(bool), unique=True, max_size=12)


@pytest.mark.parametrize(
    "content",
    [
        "Ada\nZoë Li\n",
        "\n\nAda\n   \nZoë   Li",
        "Ada\r\nZoë Li\r\n",
        "Ada\rZoë Li\r",
        "\ufeffAda\nZoë Li\n",
        "student\nAda\nZoë Li\n",
        "\ufeffname\nAda\nZoë Li\n",
        "ID\nAda\nZoë Li\n",
        "mail,Student\na@x,Ada\n,Zoë Li\n",
        "id,name\n1,Ada\n2,Zoë Li\n",
        "name,student\n1,Ada\n2,Zoë Li\n",
        "Nr;Name;Group\n1;Ada;A\n;;\n2;Zoë Li;B\n",
        "mail\tname\na\tAda\nb\tZoë Li",
        "Ada,1,x\nZoë Li,2\n",
        '"Ada"\n"Zoë\nLi"\n',
        "Ada\nZoe\u0308 Li\n",
        "Ada\nZoë\u00a0Li\n",
    ],
)
def test_lists_of_all_kinds_give_the_same_names(tmp_path, content):
    path = tmp_path / "names.csv"
    path.write_bytes(content.encode())
    assert read_students(path) == ["Ada", "Zoë Li"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "names.csv holds no students: write one name a line."),
        (b"\n \n,,\n", "names.csv holds no students: write one name a line."),
        (b"Student\n", "names.csv holds no students: write one name a line."),
        (b"Ada\nBob\nAda\n", "names.csv has 'Ada' twice: keep one, or tell the two apart."),
        ("Zoë\nZoe\u0308\n".encode(), "names.csv has 'Zoë' twice: keep one, or tell the two apart."),
        ("Ada\n".encode("utf-16"), "names.csv is no text in UTF-8: save the list as `CSV UTF-8`."),
        ("Ada\n".encode("utf-16-le"), "names.csv is no text in UTF-8: save the list as `CSV UTF-8`."),
        ("Zoë\n".encode("latin-1"), "names.csv is no text in UTF-8: save the list as `CSV UTF-8`."),
        (b"\x89PNG\r\n\x1a\n\0\0", "names.csv is no text in UTF-8: save the list as `CSV UTF-8`."),
        (b"name,mail\nAda,a\n,b\n", "Line 3 of names.csv has no name: write one, or delete the line."),
        (b"id,student\n1,Ada\n2\n", "Line 3 of names.csv has no student: write one, or delete the line."),
        (b'Ada\n"Bob\nEve\n', "is no CSV (unexpected end of data): close its quotation marks, or take them out."),
        (None, "names.csv is a folder: name the file with the students."),
    ],
)
def test_a_list_that_is_none_is_one_sentence(tmp_path, content, said):
    path = tmp_path / "names.csv"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(LabError) as error:
        read_students(path)
    assert str(error.value).endswith(said) and "\n" not in str(error.value)


def test_a_missing_list_is_one_sentence(tmp_path):
    with pytest.raises(LabError, match=r"names.csv cannot be read \(No such file or directory\): name the file"):
        read_students(tmp_path / "names.csv")


@pytest.mark.parametrize(
    ("student", "folder"),
    [
        ("Ada", "Ada"),
        ("Zoë Li", "Zoë_Li"),
        ("王小明", "王小明"),
        ("محمد علي", "محمد_علي"),
        ("प्रिया", "प्रिया"),
        ("anna-lena.x_2", "anna-lena.x_2"),
        ("O'Brien", "O_Brien-#"),
        ("a/b\\c", "a_b_c-#"),
        ("Li, Zoë <z@x>", "Li__Zoë__z_x-#"),
        ("..", "#"),
        ("-rf", "rf-#"),
        (".hidden.", "hidden-#"),
        ("CON", "_CON-#"),
        ("nul.txt", "_nul.txt-#"),
        ("COM¹", "_COM¹-#"),
        ("Conrad", "Conrad"),
        ("img", "_img-#"),
        ("Key.csv", "_Key.csv-#"),
        ("🙂", "#"),
        ("x" * 300, "x" * 40 + "-#"),
        ("Ada-0123456789", "Ada-0123456789-#"),
        ("Ada-ABCDEF0123", "Ada-ABCDEF0123-#"),
    ],
)
def test_a_folder_is_readable(student, folder):
    assert re.sub(r"[0-9a-f]{10}$", "#", folder_names([student])[0]) == folder or folder_names([student]) == [folder]
    assert ("#" in folder) == (folder_names([student])[0] != folder)


def safe(name: str) -> bool:
    """On Linux, macOS and Windows, and as an argument of a command."""
    stem = unicodedata.normalize("NFKC", name).split(".")[0].upper()
    device = stem in ("CON", "PRN", "AUX", "NUL") or re.fullmatch("(COM|LPT)[0-9]", stem)
    letters = all(unicodedata.category(letter)[0] in "LMN" or letter in "._-" for letter in name)
    return (
        bool(name) and letters and not device and name[0] not in ".-" and name[-1] != "." and len(name.encode()) <= 200
        and unicodedata.is_normalized("NFC", name) and name.casefold() not in ("img", "key.csv")
    )  # fmt: skip


@given(NAMES | ALIKE)
@example(["ſ", "S"])
@example(["Weiß", "WEISS"])
@example(["ﬁ", "Fi", "fi"])
def test_every_folder_is_safe_and_unique_everywhere(students):
    folders = folder_names(students)
    assert all(safe(folder) for folder in folders)
    for form in ("NFC", "NFD", "NFKC"):
        for same in (str.lower, str.upper, str.casefold):
            seen = {unicodedata.normalize(form, same(unicodedata.normalize(form, folder))) for folder in folders}
            assert len(seen) == len(students), (form, same, folders)


@given(ALIKE, st.randoms())
def test_a_folder_does_not_depend_on_the_order(students, random):
    folders = dict(zip(students, folder_names(students), strict=True))
    random.shuffle(students)
    assert dict(zip(students, folder_names(students), strict=True)) == folders
