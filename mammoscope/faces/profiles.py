"""``mammoscope profiles``: the thresholds of positioning, to read and to copy."""

from mammoscope.errors import SettingsError
from mammoscope.faces.words import say
from mammoscope.measures.profiles import FOLDER, PROFILES, load_profile


def show(name: str | None) -> None:
    """Print the profiles there are, or the file of one.

    Raises:
        SettingsError: If there is none of that name.
    """
    if name is None:
        for each in PROFILES:
            say(f"{each:<6} {load_profile(each).title}")
    elif name in PROFILES:
        say((FOLDER / f"{name}.toml").read_text(encoding="utf-8").rstrip())
    else:
        raise SettingsError(f"profiles are {', '.join(PROFILES)}, got {name!r}")
