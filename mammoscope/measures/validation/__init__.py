"""How weights do on a site's own images: figures by group, and whether images and scores have moved.

`scored` holds what was measured of each image, `levels` makes breasts and women of images, `groups`
cuts them by what is known, `figures` judges scores by outcomes, `drifted` compares with the weights'
card, and `words` says what to do about it.
"""
