"""Compiles, on all cores, what may be imported while a submission is graded: behind the wall nothing is written.

Two fifths of what is installed are left out: tests, drawing on a terminal, compilers for other hardware. Nothing that grades
imports them; student code that does so waits for Python to compile them.
"""

from __future__ import annotations

import re
import sysconfig
from compileall import compile_file
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

NEVER = re.compile(
    r"""site-packages/(
        (.*/)? (tests? | benchmarks | f2py | distutils) /
      | (pip | wcwidth | prompt_toolkit | jedi) /
      | pygments/lexers/ (?! _ | python | diff )
      | sympy/ (physics | stats | parsing/(autolev | latex)) /
      | torch/distributed/ (checkpoint | elastic | pipelining) /
      | torch/_inductor/ (fx_passes | kernel | codegen/(?! _ | common | cuda | rocm | xpu ))
      | torch/_vendor/quack/
      | torch/testing/_internal/ (?! _ | common_dtype | logging_tensor | distributed/(_ | fake_pg) )
    )""",
    re.VERBOSE,
)


def compile_all(packages: Path) -> None:
    """In chunks, since a task for each file costs half as much as compiling. What is for another Python does not compile."""
    files = [path for path in packages.rglob("*.py") if not NEVER.search(path.as_posix())]
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(compile_file, quiet=2), files, chunksize=32))


if __name__ == "__main__":
    compile_all(Path(sysconfig.get_path("purelib")))
