"""Breast and pectoral muscle: the segmentation room.

Source: S. D. Verboom, M. Caballo, J. Peters, J. Gommers, D. van den Oever, M. J. M. Broeders,
J. Teuwen, I. Sechopoulos, Deep learning-based breast region segmentation in raw and processed
digital mammograms: generalization across views and vendors, Journal of Medical Imaging (2024).

What it claims. Labels of background, breast and muscle for CC and MLO views of digitised film and of
digital images, the skin line, both areas, and a confidence. Measured figures stand in the weights'
card and in docs/models/segmentation.md; no figure of the paper is claimed for the weights that ship.
`Recipe.paper()` trains the paper's network, `mammoscope.segmentation.imported` reads its published
weights, and `mammoscope.segmentation.experiments` repeats its tables on one's own data.

Where it differs from the paper:

- The network that ships is `Recipe.default()`: far slimmer, at a coarser scale, trained on other
  data and with further looks of display, film and detector.
- Raw images are log-inverted for the network that ships; for the paper's, they stay as stored.
- What the network says is corrected (`mammoscope.segmentation.correct`), as the paper's discussion
  expects to help; the experiments measure without correction, as the paper did.
- The jitter of a look-up table's centre and width is of the range that is shown, since what a window
  cut off is not kept; the table itself is drawn anew for each training view, as in the paper.
- Upsampling is done after the 1 × 1 convolution: the same function, a quarter of its cost.
- Flip, rotation, elastic deformation and crop are one resampling instead of four.
- Images of unknown spacing are trained on and analysed at a nominal scale.

What the paper leaves open, and what we chose:

- The optimiser, its rate, the size of a batch: Adam at 0.001, 8 images.
- How the loss of pixels is put together: their mean.
- Where exactly dropout acts "in this layer" before the softmax: on the class scores, which
  is where the layout of the published weights leaves room for it.
- How raw images are scaled for the network: as stored, to 0–1.
- What "elastic deformation, α = 1, σ = 100, α_affine = 20" moves: see
  `mammoscope.learn.warp.random_warp`.
- Whether the breast's area, of which the muscle's size is a share, includes the muscle: here, not.

What the paper contradicts:

- "γ = 1 corresponds to cross-entropy loss" (section 2.2.3): by its Eq. 3 that is γ = 0.
- Its cross entropy (Eq. 1, 2) sums over all classes, with 1 − p for those that are not the truth,
  and is not the usual one. We follow the equations.
- INbreast "consists of only MLO images" (section 2.1), but Table 1 lists 410 images with a muscle
  visible in 99 % of its MLO and in 8 % of its CC views, and Table 7 counts 57 muscles in 106 test
  images. The published set has both views.
- "The mini-MIAS dataset contains only CC images" (caption of Table 1), while the table gives no CC
  figure and a muscle in 98 % of its MLO views. The published set is MLO only.
- "50 % MLO images" in all sets but one (section 2.1) cannot hold for mini-MIAS either.
- The muscle is visible in 99 % and 28 % of MLO and CC views (Table 1), 98.9 % and 26.1 % of the test
  set's (Table 6); its size in CC views is 4.1 % (Table 6) and 4.7 % (discussion).
"""
