"""Operating the course: which labs there are, and how one is run, built, opened and looked after."""
