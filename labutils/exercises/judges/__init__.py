"""The judges: modules by subject that try an answer on fresh inputs and name what is wrong with it."""
