"""``mammoscope weights``: list, verify, import."""

import json
from pathlib import Path

from mammoscope.core.card import Card
from mammoscope.errors import MammoscopeError, MissingError
from mammoscope.faces.extras import need
from mammoscope.faces.words import say
from mammoscope.runtime import load, names, open_session, register, weights_folder


def show(folder: Path | None, *, as_json: bool) -> None:
    """Print every network's card, as JSON or as lines for a person.

    Raises:
        WeightsError: If the manifest or a card cannot be read.
    """
    cards = [load(name, folder).card for name in names(folder)]
    if as_json:
        say(json.dumps([card.to_dict() for card in cards], ensure_ascii=True))
        return
    say(f"{len(cards)} in {weights_folder(folder)}")
    for card in cards:
        say("\n".join(_lines(card)))


def verify(folder: Path | None) -> int:
    """Check every network: hash, card, version, and its answer to the probe; 0, or 5 if one fails.

    Raises:
        WeightsError: If there is no manifest.
    """
    code = 0
    for name in names(folder):
        try:
            say(f"ok      {open_session(name, folder).identity}")
        except MammoscopeError as error:
            say(f"BROKEN  {name}: {error}")
            code = MissingError.exit_code
    return code


def convert(file: Path, folder: Path) -> None:
    """Convert the published checkpoint of the segmentation paper and list it in a folder.

    Raises:
        ExtraError: If the training extra is not installed.
        WeightsError: If the file is not that checkpoint.
    """
    need("train")
    from mammoscope.segmentation.imported import import_checkpoint

    written = import_checkpoint(file, folder)
    entry = register(folder, "segmentation", written.name, f"{written.stem}.json")
    say(f"segmentation {entry.sha256[:12]} in {folder}: use it with --weights {folder}")


def _lines(card: Card) -> list[str]:
    data = "; ".join(f"{entry.name} ({entry.licence})" for entry in card.training_data)
    return [
        f"{card.name} {card.sha256[:12]}, made by mammoscope {card.version}",
        f"  trained on: {data or 'no image'}",
        f"  not for: {'; '.join(card.not_for)}",
    ]
