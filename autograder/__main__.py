"""``python -m autograder`` is ``convgrade``."""

from autograder.cli.main import main

main()
