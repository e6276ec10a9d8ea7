"""The assignment on disk: config and policies, questions, handout, rubrics, variants, reference solutions, known mistakes."""
