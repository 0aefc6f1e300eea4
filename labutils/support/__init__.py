"""Which route, quantization and runtime give a right model: tried out, recorded, shown as a table."""
