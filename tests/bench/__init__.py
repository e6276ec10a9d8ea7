"""What grading costs, beside others in the same run: ``make bench``. Nothing here is a test.

Absolute times are a machine's at an hour; the ratios are what is meant. The page is written by the bench itself.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RIGHT = ROOT / "tests" / "submissions" / "class" / "right"
PAGE = ROOT / ".github" / "bench.md"
# As the engine's own processes have it: one thread each, so that CPU time counts work and not waiting.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
