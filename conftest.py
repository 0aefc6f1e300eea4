"""For all tests, and the notebooks that nbval runs."""

import os

os.environ["LABS_PROGRESS"] = "0"  # of whoever runs them, which is not to be touched
os.environ["LABS_COLD"] = "1"  # small labs start quicker so; what is about warm kernels says otherwise
