"""The pages of a marking: one for each student, which is theirs alone, and one for the teacher."""
