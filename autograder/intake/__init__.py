"""From whatever was handed in to the sources that are graded. Nothing is run and nothing is written."""
