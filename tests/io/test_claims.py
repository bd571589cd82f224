from mammoscope.core import Spacing
from mammoscope.io.claims import believable
from mammoscope.io.names import about_raster

STATED = "stated by the user"


def test_a_field_as_large_as_a_detector_is_believed():
    spacing = Spacing(0.1, 0.1, STATED)
    assert believable(spacing, (3000, 2400)) == (spacing, ())


def test_an_image_of_four_metres_has_no_spacing():
    found, notes = believable(Spacing(1.0, 1.0, STATED), (4000, 3000))
    assert found is None
    assert [note.code for note in notes] == ["spacing ignored", "no spacing"]
    assert "4000 x 3000 mm" in notes[0].text


def test_exactly_the_largest_field_is_still_believed():
    assert believable(Spacing(1.0, 0.5, STATED), (600, 1200))[1] == ()
    assert believable(Spacing(1.0, 0.5, STATED), (600, 1201))[0] is None


def test_a_raster_file_warns_once():
    about = about_raster("L_CC.png", (4000, 3000), "", stated_spacing=1.0)
    assert about.spacing is None
    assert [note.code for note in about.notes] == ["spacing ignored", "no spacing"]
