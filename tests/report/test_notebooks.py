"""A notebook's cells as HTML: what is shown of each output, and what is cleaned away."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from labutils.report.clean import clean
from labutils.report.notebooks import Setting, read_notebook, show_notebook
from labutils.report.parts import Parts
from labutils.report.pictures import LARGE, course_picture
from tests.report.made import write_execution

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def shown(tmp_path, *cells, links=None, limit=10**9) -> list[tuple[str, list[str]]]:
    """The names and pieces of these cells."""
    path = write_execution(tmp_path / "a.ipynb", cells=list(cells))
    parts = Parts(limit)
    found = show_notebook(read_notebook(path), Setting(parts, "points/a.ipynb", links or {}))
    return [(cell.name, [parts.html[name] for name in cell.parts]) for cell in found[2:-1]]


def output(tmp_path, data: dict) -> str:
    return shown(tmp_path, new_code_cell("x", outputs=[new_output("display_data", data)]))[0][1][-1]


def test_cells_are_named_as_messages_name_them(tmp_path):
    given = new_code_cell("steps = 2", metadata={"tags": ["injected-parameters"]})
    found = shown(tmp_path, given, new_code_cell("y", metadata={"tags": ["train"]}), new_markdown_cell("text"))
    assert [name for name, _ in found] == ["the values given", "cell 3 (train)", "cell 4"]


def test_code_is_coloured_and_printed_lines_are_joined(tmp_path):
    lines = [new_output("stream", text=f"line {n}\n") for n in range(3)]
    error = new_output("stream", name="stderr", text="\x1b[31mred\x1b[0m <b>")
    ((_, (code, out, err)),) = shown(tmp_path, new_code_cell("import os  # why", outputs=[*lines, error]))
    assert '<span class="kn">import</span>' in code
    assert out.count("<pre>") == 1 and "line 0\nline 1\nline 2" in out
    assert '<span class="ansi-red-fg">red</span>' in err and "&lt;b&gt;" in err and "stderr" in err


def test_the_richest_form_is_shown(tmp_path):
    assert "<b>html</b>" in output(tmp_path, {"text/html": "<b>html</b>", "text/plain": "plain"})
    assert "<em>md</em>" in output(tmp_path, {"text/markdown": "*md*", "text/plain": "plain"})
    picture = output(tmp_path, {"image/png": PIXEL + "\n", "text/plain": "<Figure>"})
    assert f'src="data:image/png;base64,{PIXEL}"' in picture and "Figure" not in picture
    assert 'src="data:image/svg+xml;base64,' in output(tmp_path, {"image/svg+xml": "<svg onload='x()'/>"})
    assert "$x^2$" in output(tmp_path, {"text/latex": "$x^2$"})
    assert "fallback" in output(tmp_path, {"application/vnd.labutils.exercise+json": {}, "text/html": "fallback"})
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "VBox(children=())"}
    assert "VBox" not in output(tmp_path, widget) and "live notebook" in output(tmp_path, widget)
    assert "<em>md</em>" in output(tmp_path, {**widget, "text/markdown": "*md*"})


def test_an_error_stands_in_its_cell(tmp_path):
    error = new_output("error", ename="E", evalue="v", traceback=["\x1b[31mE\x1b[0m", "one: v <x>"])
    ((_, (_, html)),) = shown(tmp_path, new_code_cell("x", outputs=[error]))
    assert "one: v &lt;x&gt;" in html and "\x1b" not in html and 'class="output error"' in html


def test_formulas_stay_readable(tmp_path):
    ((_, (html,)),) = shown(tmp_path, new_markdown_cell(r"A $\frac{1}{2} < x_1$ and" "\n\n$$y = 2x$$"))
    assert r"$\frac{1}{2} &lt; x_1$" in html and "$$y = 2x$$" in html


def test_headings_go_deeper_and_links_lead_within_the_page_or_to_the_web(tmp_path):
    text = "# One\n\n## Two\n\n[next](02_b.ipynb) [web](https://a.org/x) [all](../img/README.md) [here](#One)"
    ((_, (html,)),) = shown(tmp_path, new_markdown_cell(text), links={"02_b.ipynb": "#n2"})
    assert "<h4>One</h4>" in html and "<h5>Two</h5>" in html
    assert '<a href="#n2">next</a>' in html and '<a href="https://a.org/x" rel="noreferrer">web</a>' in html
    assert " all " in html and html.count("<a ") == 2


def test_pictures_of_the_course_are_embedded(tmp_path, root):
    text = "![Words.](../img/1-features.png) ![Gone.](../img/none.png) ![Away.](https://a.org/img/1-features.png)"
    ((_, (html,)),) = shown(tmp_path, new_markdown_cell(text))
    assert html.count('<img alt="Words." src="data:image/png;base64,') + html.count('<img src="data:image/png') == 1
    assert "[picture: Gone.]" in html and "[picture: Away.]" in html and "a.org" not in html


def test_an_attached_picture_is_shown(tmp_path):
    cell = new_markdown_cell("![Own.](attachment:a.png)", attachments={"a.png": {"image/png": PIXEL}})
    ((_, (html,)),) = shown(tmp_path, cell)
    assert f"data:image/png;base64,{PIXEL}" in html


def test_a_large_picture_is_made_small(course):
    import numpy as np
    from PIL import Image

    (course / "img").mkdir()
    noise = np.random.default_rng(0).integers(0, 255, (900, 2400, 3), dtype=np.uint8)
    Image.fromarray(noise).save(course / "img" / "noise.png")
    before = (course / "img" / "noise.png").stat().st_size
    assert before > LARGE and len(course_picture("../img/noise.png")) < before / 2
    (course / "img" / "broken.png").write_bytes(b"no picture" * 20_000)
    assert course_picture("../img/broken.png") and course_picture("../../etc/passwd.png") is None


def test_long_outputs_are_cut_in_the_middle(tmp_path):
    cell = new_code_cell("x", outputs=[new_output("stream", text="a" * 50_000 + "b" * 50_000)])
    html = shown(tmp_path, cell)[0][1][-1]
    assert len(html) < 41_000 and "60,000 more letters are in the notebook" in html and html.endswith("b</pre></div>")
    assert len(shown(tmp_path, cell, limit=0)[0][1][-1]) < 5_000
    wide = "<table>" + "<tr><td>1</td></tr>" * 20_000 + "</table>"
    assert "A long output is left out" in output(tmp_path, {"text/html": wide})


def test_lines_kept_as_lists_are_joined(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": ["a\n", "b"], "metadata": {"tags": ["t"]},
                                           "outputs": [{"output_type": "error", "traceback": ["x", "y"]}]}]}))
    cell = read_notebook(path)["cells"][0]
    assert cell["source"] == "a\nb" and cell["metadata"]["tags"] == ["t"]
    assert cell["outputs"][0]["traceback"] == ["x", "y"]


@pytest.mark.parametrize(("html", "kept"), [
    ("<p>a<script>b</script>c</p>", "<p>ac</p>"),
    ("<SCRIPT SRC=//x.org></SCRIPT><p>a", "<p>a</p>"),
    ("<!-- <b> --><?php x ?><![CDATA[y]]>a", "a"),
    ("<style>p{}</style><iframe src=x></iframe><object data=x></object><link href=x><meta http-equiv=refresh>a", "a"),
    ("<svg><a xlink:href=javascript:x><text>t</text></a></svg>a", "a"),
    ("<math><mtext><table><mglyph><style><img src=x onerror=x>", ""),
    ("<noscript><p title='</noscript><img src=x onerror=x>'></noscript>", None),
    ("<form action=x><input name=y></form>a", "a"),
    ("<font color=red>a</font>", "a"),
    ("<p id=a name=b class=c data-x=d onclick=e>a</p>", '<p class="c">a</p>'),
    ("<a href=' JaVaScRiPt:x'>a</a><a href='data:text/html,x'>b</a><a href='file:///etc'>c</a>", "abc"),
    ("<p style='color: red; background-image: url(//x)'>a</p>", '<p style="color: red">a</p>'),
    ("<p style='color: u\\72l(x); position: fixed'>a</p>", "<p>a</p>"),
    ("<td style='background-color: rgb(1, 2, 3)'>a</td>", '<td style="background-color: rgb(1, 2, 3)">a</td>'),
    ("<img src='data:text/html;base64,AA' alt='<b>'>", '<span class="no-picture">[picture: &lt;b&gt;]</span>'),
    ("<img srcset='//x.org/a 2x' src='data:image/png;base64,AA==' alt=a>", None),
    ("<div role=status>a</div>", "<div>a</div>"),
])  # fmt: skip
def test_only_what_shows_something_is_kept(html, kept):
    found = clean(html)
    assert kept is None or found == kept
    assert not any(word in found for word in ("onerror", "srcset", "script", "//x.org", "<style"))
    assert clean(found.replace("h6", "p")) == found  # what is clean stays as it is
