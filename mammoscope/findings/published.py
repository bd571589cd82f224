"""The paper's two tables, to stand beside ours. Keys are our names of its rows, in its order."""

from typing import Final

from mammoscope.scores.table import Rows

MODELS: Final = (
    ("densenet", "DenseNet"), ("efficientnetv2", "EfficientNet"), ("resnet50", "ResNet50"),
    ("swin", "SwinTransformer"), ("vgg19", "VGG19"), ("mobilenet", "MobileNet"),
)  # fmt: skip
"""Columns of the first table: our name, the paper's."""

BY_BACKBONE: Final[Rows] = {
    "mass": ("237", "0.783", "0.815", "0.742", "0.770", "0.756", "0.708"),
    "suspicious calcification": ("115", "0.847", "0.865", "0.860", "0.828", "0.873", "0.828"),
    "asymmetries": ("79", "0.306", "0.295", "0.200", "0.310", "0.204", "0.324"),
    "suspicious lymph node": ("11", "0.667", "0.500", "0.737", "0.370", "0.400", "0.476"),
    "weighted average": ("442", "0.712", "0.727", "0.675", "0.693", "0.679", "0.665"),
}
"""N, then F1 of each backbone in `MODELS`' order (table of F1 scores)."""

BY_CLASS: Final[Rows] = {
    "No Finding": ("0.978", "0.991", "0.984", "0.988", "3643"),
    "mass": ("0.970", "0.743", "0.730", "0.736", "237"),
    "suspicious calcification": ("0.990", "0.805", "0.861", "0.832", "115"),
    "focal asymmetry": ("0.983", "0.200", "0.094", "0.128", "53"),
    "architectural distortion": ("0.993", "0.222", "0.083", "0.121", "24"),
    "asymmetry": ("0.995", "0.000", "0.000", "0.000", "20"),
    "suspicious lymph node": ("0.998", "0.625", "0.455", "0.526", "11"),
    "skin thickening": ("0.998", "1.000", "0.333", "0.500", "12"),
    "nipple retraction": ("0.998", "0.000", "0.000", "0.000", "7"),
    "global asymmetry": ("0.998", "0.000", "0.000", "0.000", "6"),
    "skin retraction": ("0.999", "0.500", "0.333", "0.400", "3"),
    "weighted mean": ("0.938", "", "", "0.956", ""),
}
"""Accuracy, precision, recall, F1, support (table of metrics), and the means its text states."""
