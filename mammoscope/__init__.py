"""Mammograms in, measurements, pictures and DICOM objects out."""
