"""What a teacher hands out: bundles for students, and course folders for other marking systems."""
