"""What trained the shipped weights, in the words that the licences ask for."""

from dataclasses import replace

from mammoscope.core.card import TrainingData

TRAINING_DATA = (
    TrainingData(
        "CBIS-DDSM, mass training cases (1,231 film mammograms of 691 women at hand)",
        "CC BY 3.0",
        "Sawyer-Lee R, Gimenez F, Hoogi A, Rubin D (2016). Curated Breast Imaging Subset of Digital "
        "Database for Screening Mammography (CBIS-DDSM) [Data set]. The Cancer Imaging Archive. "
        "doi 10.7937/K9/TCIA.2016.7O02S9CY. Lee RS et al., Sci Data 4:170177 (2017), doi "
        "10.1038/sdata.2017.177. Clark K et al., J Digit Imaging 26:1045-1057 (2013), doi "
        "10.1007/s10278-013-9622-7. Original images: DDSM, University of South Florida (Heath et "
        "al., IWDM 2000).",
        "reduced to 8 bits and 920 rows by others, resampled to 1 mm; masks by threshold and marked "
        "pectoral line; augmented in training",
    ),
    TrainingData(
        "CDD-CESM, low-energy images (264 digital mammograms)",
        "CC BY 4.0",
        "Khaled R et al. (2021). Categorized Digital Database for Low energy and Subtracted Contrast "
        "Enhanced Spectral Mammography images [Data set]. The Cancer Imaging Archive. doi "
        "10.7937/29kw-ae92. Sci Data 9:122 (2022), doi 10.1038/s41597-022-01238-0.",
        "resized and padded to 512 x 512 by others, brought to a nominal scale of 1 mm; masks by "
        "threshold and marked pectoral line; augmented in training",
    ),
    TrainingData(
        "Pectoral lines marked for this project on 466 MLO images of the two sets",
        "CC BY 4.0",
        "Attribution as above: derived from CBIS-DDSM and CDD-CESM.",
        "each line moved onto the muscle's edge next to it; marked by eye, not by a radiologist",
    ),
)

FILM, DIGITAL, LINES = TRAINING_DATA
POSITIONING_DATA = (
    replace(
        FILM,
        changes="reduced to 8 bits and 920 rows by others, resampled to 1 mm and 0.5 mm; masks by "
        "threshold and marked pectoral line; augmented in training",
    ),
    replace(
        DIGITAL,
        changes="resized and padded to 512 x 512 by others, brought to a nominal scale of 1 mm and "
        "0.5 mm; masks by threshold and marked pectoral line; augmented in training",
    ),
    replace(
        LINES,
        name="Nipple, pectoral line and chest-wall side marked for this project on 638 images of the "
        "two sets (466 MLO, 172 CC)",
        changes="means of the surest readings; marked by eye, not by a radiologist",
    ),
    replace(
        LINES,
        name="Inframammary fold and ends of the chest-wall edge on images of the two sets "
        "(scripts/MARKS.md)",
        changes="marked by a program and looked at, the wrong ones corrected by eye; not by a "
        "radiologist",
    ),
)
REGISTRATION_DATA = (
    replace(
        FILM,
        name="CBIS-DDSM, mass training cases (507 breasts with a lesion boxed in both views)",
        changes="reduced to 8 bits and 920 rows by others; landmarks and masks by the networks that "
        "ship; laid on each other at 1 mm by nipple and chest wall; augmented in training",
    ),
    replace(
        DIGITAL,
        name="CDD-CESM, low-energy images (91 breasts in both views)",
        changes="resized and padded to 512 x 512 by others; landmarks and masks by the networks that "
        "ship; laid on each other at a nominal 1 mm; augmented in training",
    ),
    TrainingData(
        "Phantoms of mammoscope: no breast was imaged",
        "Apache-2.0",
        "mammoscope, mammoscope.phantom.",
        "pairs of views of seeds 0 to 59, landmarks moved by 2 mm",
    ),
)

FINDINGS_DATA = (
    replace(
        FILM,
        changes="reduced to 8 bits and 920 rows by others; cut to the breast at 0.3 mm; augmented in "
        "training",
    ),
    replace(
        DIGITAL,
        name="CDD-CESM, low-energy images (161 digital mammograms whose words tell of a mass)",
        changes="resized and padded to 512 x 512 by others, boxes of those parts of their masks that "
        "are masses; cut to the breast at a nominal 0.3 mm; augmented in training",
    ),
)
SCREENING_DATA = (
    replace(
        FILM,
        changes="reduced to 8 bits and 920 rows by others; cut to the breast at 0.3 mm, parts of "
        "which are shown; pathology, margins, shape, assessment, subtlety, density, view and side as "
        "published; augmented in training",
    ),
    replace(
        FINDINGS_DATA[1],
        changes=f"{FINDINGS_DATA[1].changes}: of the detector whose weights this training begins with",
    ),
)
