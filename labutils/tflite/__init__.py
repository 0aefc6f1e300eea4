"""What a .tflite file is and does: anatomy, runtime, parity, latency, quiet conversion. Imports no TensorFlow."""
