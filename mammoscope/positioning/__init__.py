"""Positioning: landmarks, the posterior nipple line, and every criterion that can be measured.

Source: T. Tanyel, N. Denizoglu, M. E. Seker, D. Alis, E. Cerekci, E. Karaarslan, E. Aribal,
I. Oksuz, Mammographic Breast Positioning Assessment via Deep Learning (2024).

What it claims. Nipple, pectoral line, inframammary fold and the edge of the chest wall on CC and MLO
views of digitised film and of digital images, each with a calibrated uncertainty or said not to be
seen. Measured figures stand in the weights' card and in docs/models/positioning.md; no figure of the
paper is claimed for the weights that ship. `Recipe.paper(model)` trains each of the paper's five
models, `mammoscope.positioning.labels` repeats its figures from the published labels alone.
What is made of landmarks is measured in `mammoscope.measures`.

Where it differs from the paper:

- The network that ships (`mammoscope.positioning.heatmaps`) predicts heatmaps, not coordinates, for
  CC views too, and says how sure it is. It is trained on other data.
- Images are mirrored for it so that the chest wall lies on the left, and it sees them at a scale in
  millimetres; the paper's models see a square of 512 pixels, not mirrored.
- The pectoral line ends where the muscle is seen to end; the paper's models learn the line extended to
  the image's border.

What the paper leaves open, and what we chose, stands at the head of `preprocess`, `network` and
`recipe`. What it contradicts:

- It prints 967 good and 633 poor training images (section 2.1); its published labels give 962 and
  638 by the criterion on the whole image. The counts of validation and test agree.
- Attention coefficients are "σ(ReLU(g + x))" (section 3.3): a sigmoid of what is never negative does
  not fall below one half.
"""
