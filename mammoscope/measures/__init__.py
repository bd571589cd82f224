"""Clinical quantities and warnings from results."""

from mammoscope.measures.checks import image_checks
from mammoscope.measures.positioning import assess_exam, assess_image, reason_not_assessed
from mammoscope.measures.profiles import DEFAULT_PROFILE, PROFILES, Profile, load_profile

__all__ = [
    "DEFAULT_PROFILE", "PROFILES", "Profile", "assess_exam", "assess_image", "image_checks",
    "load_profile", "reason_not_assessed",
]  # fmt: skip
