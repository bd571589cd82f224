"""Screening: how malignant an image looks, by one score.

Source: V. Bassi, Y. Kim, C. Naiyaporn, N. Swatthong, S. Woo, Image Processing and Classification Model
for Screening Mammography in Automated Detection of Breast Cancer (University of Michigan).

What it claims. Malignancy of a mass on film, research use: trained on breasts that all have a mass, it
says how malignant one looks, never whether there is one, and is no score for cancer screening. Measured
figures stand in the weights' card; no figure of the paper is claimed for them.

The paper's own system (`recipe`, `network`, `loss`, `augment`, `cached`, `folds`, `targets`,
`threshold`, `train`, `evaluate`, `ablation`, `study`) is complete, to be trained on one's own images.
What of it is ours stands in `recipe` and in docs/models/screening-paper.md. The paper's best test F1 is
0.314 in its Table 3 and 0.287 in its text, and the counts of its Table 1 do not add up (`published`).

Where what ships (`mammoscope.screening.pooled`) differs from the paper:

- Malignant against benign masses on film, not cancer among screening images: no normal was at hand.
- No backbone pretrained elsewhere: it begins with our own detector of findings, and that one with
  random weights.
- Where masses lie is taught at the same time: the score is the malignancy of cells, weighted by
  attention.
- Signs of the masses that findings mark, such as lines that run towards one (`signs`), are weighed with
  what the network says (`infer`).
- The auxiliary targets are those that CBIS-DDSM has: density, BI-RADS assessment, shape, margins,
  subtlety, view and side; a missing one teaches nothing.
"""
