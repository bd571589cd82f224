"""What every room trains with: data, augmentation, the loop, and export to ONNX. Needs torch."""
