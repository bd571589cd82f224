"""What a drift check and missing outcomes mean, in plain words."""

from collections.abc import Iterator
from typing import Final

from mammoscope.measures.validation.drifted import Drifted, Moved

MANY: Final = 0.05
"""A larger share of images unlike the training images is more than a few odd ones."""


def advice(found: Drifted) -> tuple[str, ...]:
    """What moved and what to do about it, a sentence each; what gives no alarm is said too."""
    return tuple(_sentences(found))


def _sentences(found: Drifted) -> Iterator[str]:
    if not found.judged and not found.inputs:
        yield (
            "The card of these weights tells nothing of the images that trained them: neither images "
            "nor scores can be compared."
        )
        return
    if found.judged and found.unlike > MANY * found.judged:
        yield (
            f"{found.unlike} of {found.judged} images are unlike the training images: their scores are "
            "marked and should not be relied on. See which machines and views they are of, and look at "
            "some."
        )
    alarming = [one for one in found.inputs if one.alarms]
    if alarming:
        named = ", ".join(one.name for one in alarming[:3])
        more = f" and {len(alarming) - 3} more" if len(alarming) > 3 else ""
        yield (
            f"The images differ from the training images in {named}{more}. Look for the cause: another "
            "machine, another processing, files that are inverted, cropped or resized. If the "
            "difference is meant, measure on images with known outcomes before scores are used."
        )
    elif found.inputs:
        yield _quiet("images", found.inputs)
    if found.scores is not None:
        yield _of_scores(found.scores, inputs=bool(alarming))


def _of_scores(moved: Moved, *, inputs: bool) -> str:
    if not moved.alarms:
        return _quiet("scores", (moved,))
    way = "higher" if moved.now > moved.before else "lower"
    cause = (
        "The images have moved too, which may explain it."
        if inputs
        else "The images have not moved, so the women may be others: more or fewer of them ill, or "
        "chosen otherwise."
    )
    return (
        f"Scores lie {way} than on the card: their median is {moved.now:.2f}, there it is "
        f"{moved.before:.2f}. {cause} A threshold from the card then recalls another share of women: "
        "choose it anew on images with known outcomes."
    )


def _quiet(what: str, moved: tuple[Moved, ...]) -> str:
    if any(one.drift.verdict == "too few to tell" for one in moved):
        return f"There are too few women to tell whether the {what} have moved: take a few hundred."
    return f"The {what} lie where those lie that the card tells of, as far as chance lets it be seen."
