"""Findings: what a reader should look at, marked with boxes, scores and a heatmap.

Source: D. Mellado, M. Querales, J. Sotelo, E. Godoy, F. Pardo, S. Lever, S. Chabert, R. Salas,
A deep learning classifier using sliding patches for detection of mammographical findings, slides of
16 November 2023 (Universidad de Valparaíso).

What it claims. Masses on CC and MLO views of digitised film and of digital images, each with a box, a
score and the heatmap behind it; other kinds are not assessed, for no real image trained them. Measured
figures stand in the weights' card and in docs/models/findings.md; no figure of the paper is claimed
for the weights that ship. `Recipe.paper(backbone)` trains each of the paper's six classifiers,
`mammoscope.findings.windows` slides them over an image as the paper writes, and
`mammoscope.findings.tables` repeats its two tables on one's own data.

Where it differs from the paper:

- The network that ships (`mammoscope.findings.dense`) answers for a whole breast at once. What
  becomes of the paper's own classifiers when they are evaluated so is measured in
  docs/models/findings-dense.md.
- It is trained on other data, at a scale in millimetres.

What the paper leaves open, and what we chose:

- The size of each backbone: see `mammoscope.findings.network.BACKBONES`. Each ends in its last feature
  map, which "the output of the backbone is flattened" needs; one pooled to a vector is flat already.
- Ten output units, but eleven rows in the second table: the ten are VinDr-Mammo's findings, and
  No Finding is said where every one of them stays below `mammoscope.findings.evaluate.THRESHOLD`.
- γ of the focal loss: 2. How units and patches are put together: their mean.
- Limit and tiles of CLAHE, the pixel size of a window, batch, epochs, strengths of the augmentation,
  when training stops: see `mammoscope.findings.preprocess` and `mammoscope.findings.recipe`.
- "Weighted sampling": every class, No Finding among them, is drawn as often as any other.
- "Similar sampling parameters" of normal patches: area and aspect ratio are of the box of some finding
  of the same set, the centre is anywhere in the breast.
- Its figure of "feature activation" names no method: see `mammoscope.findings.activation`.

What the paper contradicts:

- Its first table merges Asymmetry, Focal Asymmetry and Global Asymmetry: 20 + 53 + 6 = 79.
- EfficientNet's F1 of Mass is 0.815 in the first table and 0.736 in the second, where it is the chosen
  backbone; of Suspicious Calcification 0.865 and 0.832, of Suspicious Lymph Node 0.500 and 0.526.
- "A weighted F1 score of 0.9557": the rows of the second table give 0.942. "A weighted accuracy of
  93.80 %": they give 97.83 % for accuracy, and 93.77 % for recall.
- ResNet50's weighted average is printed as 0.675; its rows give 0.676.
"""
