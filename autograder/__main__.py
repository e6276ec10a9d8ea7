"""``python -m autograder`` is ``convgrade``."""

from autograder.cli import main

main()
