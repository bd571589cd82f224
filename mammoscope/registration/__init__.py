"""Registration: the CC and the MLO view of one breast on each other.

Source: S. Famouri, L. Morra, F. Lamberti, A deep learning approach for efficient registration of dual
view mammography, ANNPR 2020, LNCS 12294:162-172.

What it claims. `Recipe.paper()` trains the paper's network, with its loss, its mask and its boxes
through the inverse transformation; ``mammoscope evaluate registration`` measures it beside methods
without a network, by the paper's yardstick and by one that a box's size does not flatter. No figure of
the paper is claimed for weights trained here. The network that ships is another,
`mammoscope.registration.guided`; its figures stand in its card.

Where it differs from the paper:

- Breasts are mirrored so that the chest wall lies on the left, and both views lie on one square: else
  one rotation by 45° has the wrong sense for half of the breasts. θ turns points counter-clockwise as
  seen on a screen, and so the CC view itself clockwise.
- The shared blocks are pretrained as the first stage of a detector, not as a whole Faster R-CNN, whose
  operators torchvision does not bring everywhere.
- Sets are split by woman; a woman of the test set does not train.

What the paper leaves open, and what we chose, stands at the head of `prepare`, `network`, `loss`,
`recipe` and `pretrain`. It does not tell which cases its 985 and 122 are. Of the boxes 66.7 % overlap
(section 5), or 68 % (abstract).
"""
