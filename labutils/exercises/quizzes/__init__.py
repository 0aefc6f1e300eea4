"""The quizzes: a module labNN for each lab, with its QUESTIONS; what a question is, and how a quiz is shown."""
