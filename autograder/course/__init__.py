"""The assignment on disk: config and policy, questions, handout, reference solutions."""
