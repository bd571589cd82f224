"""Functional groups of enhanced objects of one frame, such as synthetic 2-D images."""

from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset

from mammoscope.io.values import items

_GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")


def hoist(dataset: Dataset) -> Dataset:
    """Lift what the functional groups say of the one frame to where plain objects say it.

    Laterality, orientation, spacing, rescale and window of an enhanced object lie in functional
    groups, those that all frames share and those of each frame. With one frame the two say the
    same as attributes of the image. Attributes that the image already has are left alone.

    Args:
        dataset: Changed in place where it has functional groups of one frame.

    Returns:
        The data set itself.

    Source:
        PS3.3 C.7.6.16 (multi-frame functional groups).
    """
    for keyword in _GROUPS:
        for groups in items(dataset, keyword)[:1]:
            for tag in groups.keys():  # noqa: SIM118 - iterating a data set converts its elements
                for item in items(groups, keyword_for_tag(tag))[:1]:
                    _fill(dataset, item)
    return dataset


def _fill(dataset: Dataset, item: Dataset) -> None:
    for tag in item.keys():  # noqa: SIM118 - iterating a data set converts its elements
        element = item.get_item(tag, keep_deferred=True)
        if tag not in dataset and element is not None:
            dataset[tag] = element
