"""The user's table: read strictly, matched by the end of the path."""

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.tables import Table, TableRow, read_table


def written(folder, text):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_read(tmp_path):
    table = read_table(
        written(
            tmp_path, "path,study,view,laterality,spacing_mm\na/1.png,s,mlo,left,0.1\n\n2.png,,,,\n"
        )
    )
    assert len(table) == 2
    assert table.row("a/1.png") == TableRow("a/1.png", "s", "MLO", "L", 0.1)
    assert table.row("2.png") == TableRow("2.png")
    assert table.row("3.png") is None


def test_semicolons_and_a_byte_order_mark(tmp_path):
    table = read_table(written(tmp_path, "\ufeffpath;view\n1.png;CC\n"))
    assert table.row("1.png").view == "CC"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("path,colour\n", "line 1: unknown columns colour; known are path, study, view"),
        ("view\nCC\n", "line 1: expected a column path"),
        ("path,path\n", "line 1: expected a column path"),
        ("", "line 1: expected a column path"),
        ("path,view\n1.png,CC\n2.png,top\n", "line 3, column view: expected CC, MLO"),
        ("path,laterality\n1.png,B\n", "line 2, column laterality: expected L or R, received B"),
        ("path,spacing_mm\n1.png,0\n", "line 2, column spacing_mm: expected mm, received 0"),
        ('path,spacing_mm\n1.png,"0,1"\n', "line 2, column spacing_mm"),
        ("path,spacing_mm\n1.png,nan\n", "line 2, column spacing_mm"),
        ("path,view\n,CC\n", "line 2, column path"),
        ("path,view\n1.png\n", "line 2: expected 2 cells, received 1"),
        ("path\na/1.png\na/1.png\n", "names a/1.png twice"),
    ],
)
def test_what_cannot_be_understood_names_its_place(tmp_path, text, said):
    with pytest.raises(UsageError) as caught:
        read_table(written(tmp_path, text))
    assert said in str(caught.value)


def test_an_absent_table_is_the_callers_mistake(tmp_path):
    with pytest.raises(UsageError):
        read_table(tmp_path / "none.csv")


def test_paths_are_matched_by_their_end():
    table = Table([TableRow("/data/a/1.png", "one"), TableRow("b/1.png", "two")])
    assert table.row("a/1.png").study == "one"
    assert table.row("x/b/1.png").study == "two"
    assert table.row("x/1.png") is None


def test_a_file_that_fits_two_rows():
    table = Table([TableRow("a/1.png"), TableRow("b/1.png")])
    with pytest.raises(UsageError, match="2 rows"):
        table.row("1.png")


def test_a_row_that_fits_two_files():
    table = Table([TableRow("1.png")])
    assert table.row("a/1.png") == table.row("a/1.png")
    with pytest.raises(UsageError, match="several files"):
        table.row("b/1.png")


def test_the_whole_path_goes_before_its_end():
    table = Table([TableRow("1.png", "short"), TableRow("a/1.png", "long")])
    assert table.row("1.png").study == "short"
    assert table.row("a/1.png").study == "long"
