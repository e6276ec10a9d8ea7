"""Wrong answers to question 1, a module for each asked function."""
