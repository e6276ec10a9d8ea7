"""``python -m autograder`` is ``convgrade``."""

import os
import sys

# `-m` puts the folder it is called in on the path, where a student's numpy.py may lie: not for what is imported from here on.
_own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:] = [
    path for path in sys.path if path and (os.path.realpath(path) != os.path.realpath(os.getcwd()) or path == _own)
]

from autograder.cli.main import main  # noqa: E402

main()
