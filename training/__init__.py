"""How the shipped models came to be: `python -m training` trains, converts, checks and writes them, in one go."""
