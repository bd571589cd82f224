import numpy as np

from mammoscope.scores.table import Table, beside, spread


def test_columns_are_of_even_width():
    table = Table("Title", ("a", "long"), (("much longer", "1"), ("b", "")), ("A note.",))
    assert table.text() == (
        "Title\n\na            long\n-----------  ----\nmuch longer  1\nb\n\nA note."
    )


def test_every_column_is_followed_by_the_papers():
    table = beside("T", ("", "x", "y"), {"ours": ("1", "2"), "new": ("3", "4")}, {"ours": ("5", "6")})
    assert table.head == ("", "x", "paper", "y", "paper")
    assert table.rows == (("ours", "1", "5", "2", "6"), ("new", "3", "", "4", ""))


def test_mean_and_deviation_in_words():
    assert spread([1.0, 2.0, np.nan, 3.0]) == "2.00 ± 1.00"
    assert spread(np.array([np.nan])) == ""
