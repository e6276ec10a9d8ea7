"""What is typed, and what a terminal or GitHub shows."""
