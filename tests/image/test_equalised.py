import numpy as np

from mammoscope.image.equalised import fused


def test_the_original_is_the_first_channel_and_both_others_are_equalised():
    pixels = np.random.default_rng(0).normal(0.4, 0.02, (240, 180)).astype(np.float32)
    pixels[:, 120:] = 0
    channels = fused(pixels)
    np.testing.assert_array_equal(channels[0], pixels)
    inside = pixels > 0.2
    for equalised in channels[1:]:
        assert equalised[inside].std() > 1.2 * pixels[inside].std()
    assert (channels[1] != channels[2]).any()
