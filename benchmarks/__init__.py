"""Ratios, measured side by side in one run: `make bench`. Seconds mean little on another machine; ratios travel."""
