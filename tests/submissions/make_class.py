"""The sample class, written from what students receive and what is right, each with one thing that really happens.

    python -m tests.submissions.make_class          # writes tests/submissions/class/ anew

``right`` and ``another_style`` (as right, but lists, arrays, floats, single precision, bare parameters, modules named, nested and
registered otherwise) are hand-ins of their own and are not written; the others are made from ``right``, from the template,
or from nothing.
"""

from __future__ import annotations

import io
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat

HERE = Path(__file__).resolve().parent
CLASS = HERE / "class"
TEMPLATE = HERE.parents[1] / "student_template"
WRITTEN = ("w1", "w2", "w3", "w4", "w5", "w6")
OWN = ("right", "another_style")
STEMS = ("q1_equivalence", "q2_convnet", "q3_unet", "q4_densenet")
RIGHT = {path.name: path.read_text("utf-8") for path in sorted((CLASS / "right").iterdir()) if path.is_file()}
CODE = {f"{stem}.py": RIGHT[f"{stem}.py"] for stem in STEMS}
STUBS = {f"{stem}.py": (TEMPLATE / f"{stem}.py").read_text("utf-8") for stem in STEMS}
MADE: dict[str, Callable[[], dict[str, str] | bytes]] = {}


def hand_in(name: str):
    def register(make: Callable[[], dict[str, str] | bytes]) -> Callable:
        MADE[name] = make
        return make

    return register


def zipped(files: dict[str, str], *, above: str = "", more: dict[str, str] | None = None) -> bytes:
    """A zip with fixed times, so that the same files give the same bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**{f"{above}{name}": text for name, text in files.items()}, **(more or {})}.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 12, 0, 0)), text)
    return data.getvalue()


def replaced(name: str, old: str, new: str) -> dict[str, str]:
    """The right hand-in with one piece of one file replaced."""
    assert old in RIGHT[name], (name, old)
    return {**RIGHT, name: RIGHT[name].replace(old, new, 1)}


@hand_in("untouched")
def _():
    return {**STUBS, **{name: (TEMPLATE / name).read_text("utf-8") for name in ("answers.toml", "written.md")}}


@hand_in("numbers_only")
def _():
    return {"answers.toml": RIGHT["answers.toml"]}


@hand_in("real_sheet")
def _():
    """A sheet that was really handed in for this homework."""
    return {
        "answers.toml": (
            "[q1]\nlinear_parameters = 505\nconv_parameters = 505\nconv_output_shape = [5, 1, 1]\n\n"
            "[q2]\nfirst_conv_output_shape = [16, 128, 128]\nfirst_conv_output_values = 262144\n"
            "first_conv_parameters = 416\nstack_output_shape = [16, 16, 16]\nstack_parameters = 1216\n"
            "flatten_head_parameters = 40970\nflatten_total_parameters = 42170\ngap_head_parameters = 170\n"
            'gap_total_parameters = 1370\nreceptive_field = 13\n\n[q3]\nbottleneck_shape = "?"\n'
            'bottleneck_pixels = "?"\nsecond_level_parameters = 221440\n\n'
            "[q4]\nthird_layer_input_maps = 192\nthird_layer_output_channels = 104\n"
        ),
        "written.md": "## w1\n\nBoth networks are equivalent: each score sees every pixel once.\n",
    }


@hand_in("syntax_error")
def _():
    broken = CODE["q1_equivalence.py"].replace("np.repeat(bias, rows * columns)", "np.repeat(bias, rows * columns", 1)
    return {**CODE, "q1_equivalence.py": broken}


@hand_in("missing_file")
def _():
    return {name: text for name, text in RIGHT.items() if name != "q3_unet.py"}


@hand_in("hangs")
def _():
    return replaced("q4_densenet.py", "    if stem not in", "    while True:\n        pass\n    if stem not in")


@hand_in("crashes")
def _():
    crash = "    import ctypes\n\n    ctypes.string_at(0)\n    sizes, depth"
    return replaced("q3_unet.py", "    sizes, depth", crash)


@hand_in("numpy_and_torch_integers")
def _():
    files = replaced(
        "q2_convnet.py",
        "    return height, width\n\n\ndef pool",
        "    return np.int64(height), np.int32(width)\n\n\ndef pool",
    )
    code = files["q2_convnet.py"].replace("import torch\n", "import numpy as np\nimport torch\n", 1)
    code = code.replace("    return channels, height, width\n", "    return torch.Size([channels, height, width])\n", 1)
    code = code.replace("    return total\n", "    return torch.tensor(total)\n", 1)
    return {**files, "q2_convnet.py": code}


@hand_in("whole_floats")
def _():
    files = replaced("q2_convnet.py", "    return (features + 1) *", "    return (features + 1.0) *")
    return {
        **files,
        "answers.toml": RIGHT["answers.toml"].replace("= 1216", "= 1216.0").replace("[16, 16, 16]", "[16.0, 16.0, 16.0]"),
    }


@hand_in("persian_digits")
def _():
    digits = str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹،")
    lines = RIGHT["answers.toml"].splitlines(keepends=True)
    sheet = "".join(
        key + "=" + value.translate(digits) if value else key for key, _, value in (one.partition("=") for one in lines)
    )
    code = CODE["q3_unet.py"].replace("out, 3, padding=1", "out, ۳, padding=1", 1)
    return {**RIGHT, "answers.toml": sheet, "q3_unet.py": code}


@hand_in("one_folder_inside.zip")
def _():
    return zipped(RIGHT, above="homework 3/")


@hand_in("from_a_mac.zip")
def _():
    junk = {"__MACOSX/._q2_convnet.py": "\0\5\x16\7", "__MACOSX/._answers.toml": "\0\5\x16\7", ".DS_Store": "\0"}
    return zipped(RIGHT, more=junk)


@hand_in("empty")
def _():
    return {}


@hand_in("text_named.zip")
def _():
    return b"I could not make a zip, so here are my answers: 505, 505, 1216.\n"


@hand_in("patches_the_runner.zip")
def _():
    attack = (
        "import builtins, os, sys\n"
        "builtins.isinstance = lambda *_: True\n"
        "try:\n    import pytest, _pytest.runner\n    _pytest.runner.pytest_runtest_call = lambda item: None\n"
        "except ImportError:\n    pass\n"
        "import torch, numpy\ntorch.equal = torch.allclose = numpy.allclose = lambda *_, **__: True\n"
        "for fd in range(3, 64):\n"
        "    try:\n        os.write(fd, b'{\"score\": 100}')\n    except OSError:\n        pass\n"
        "def conv2d_parameters(*_, **__):\n    return 'passed'\n"
        "def conv2d_output_size(*_, **__):\n    sys.exit(0)\n"
    )
    conftest = "import pytest\ndef pytest_runtest_makereport(item, call):\n    call.excinfo = None\n"
    return zipped({"q2_convnet.py": attack, "conftest.py": conftest, "results.json": '{"score": 100}'})


@hand_in("equals_everything")
def _():
    source = (
        "class Yes(int):\n"
        "    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
        "    def __hash__(self): return 0\n    def __iter__(self): return iter((self, self, self))\n"
        "    def __len__(self): return 3\n    def __lt__(self, other): return True\n    shape = ()\n"
        "class Anything:\n    def __eq__(self, other): return True\n    def __array__(self, *_, **__): raise TypeError\n"
        "    def __getattr__(self, name): return self\n    def __call__(self, *_, **__): return self\n"
        "def __getattr__(name):\n    raise AttributeError(name)\n"
    )
    names = {
        "q1_equivalence.py": "linear_parameters conv_from_linear linear_from_conv",
        "q2_convnet.py": "conv2d_output_size pool2d_output_size conv2d_parameters stack_output_shape stack_parameters "
        "head_parameters receptive_field ConvNet",
        "q3_unet.py": "bottleneck_shape double_conv_parameters unet_output_size unet_parameters UNet",
        "q4_densenet.py": "dense_layer_input_channels dense_block_output_channels dense_block_parameters "
        "densenet_parameters DenseBlock",
    }
    return {
        file: source
        + "".join(f"def {name}(*_, **__): return {'Yes(0)' if 'par' in name else 'Anything()'}\n" for name in asked.split())
        for file, asked in names.items()
    }


@hand_in("forgets_channels")
def _():
    """One mistake in one function, which spreads to what calls it; and the sheet that follows from it."""
    files = replaced("q2_convnet.py", "    return outputs * (inputs // shared) *", "    return outputs *")
    sheet = RIGHT["answers.toml"].replace("= 1216", "= 416").replace("= 14048", "= 1248").replace("= 55018", "= 42218")
    return {**files, "answers.toml": sheet.replace("= 14218", "= 1418")}


@hand_in("padding_forgotten")
def _():
    """Shapes that go wrong at the first padded layer, and a sheet whose total is not its own network's."""
    files = replaced("q2_convnet.py", "(s + 2 * p - d * (k - 1) - 1) // t + 1", "(s - d * (k - 1) - 1) // t + 1")
    code = files["q2_convnet.py"].replace("            jump[axis] *= strides[axis]", "            jump[axis] *= 1")
    sheet = RIGHT["answers.toml"].replace("[16, 16, 16]", "[16, 12, 12]").replace("= 55018", "= 14048")
    return {**files, "q2_convnet.py": code, "answers.toml": sheet}


@hand_in("plain_list_of_layers")
def _():
    return replaced(
        "q4_densenet.py",
        "nn.ModuleList(_layer(channels, growth_rate) for channels in inputs)",
        "[_layer(channels, growth_rate) for channels in inputs]",
    )


def notebook(change: Callable[[str, str], str]) -> bytes:
    """The students' notebook filled in as the master is, each code cell (id, source) passed through ``change``."""
    master, ours = (nbformat.read(path / "hw3.ipynb", 4) for path in (HERE.parents[1] / "assignment", TEMPLATE))
    solved = {cell.id: cell.source for cell in master.cells if cell.source.startswith("# BEGIN SOLUTION NO PROMPT")}
    for cell in ours.cells:
        if cell.cell_type == "code":
            own = solved.get(cell.id, cell.source)
            own = own.removeprefix("# BEGIN SOLUTION NO PROMPT\n").split("\n# END SOLUTION")[0]
            cell.source = change(cell.id, own)
        elif cell.id in WRITTEN:
            cell.source = "Both networks are equivalent: each score sees every pixel once."
    return (nbformat.writes(ours) + "\n").encode()


@hand_in("notebook_right.ipynb")
def _():
    return notebook(lambda id, source: source)


@hand_in("notebook_mistakes.ipynb")
def _():
    """A notebook as they come: a magic, a shell line, a cell that raises, one that ends the kernel, a stale output, a wrong number."""
    changes = {
        "q1-imports": lambda source: f"%matplotlib inline\n{source}",
        "q1-check": lambda source: "!pip install torchvision",
        "q2-conv2d_parameters": lambda source: source.replace("outputs * (inputs // shared) *", "outputs *"),
        "q2-answers": lambda source: source.replace(": 1216,", ": 416,"),
        "q2-check": lambda source: "print(conv2d_output_size(1, 5))",
        "q3-check": lambda source: "import os\n\nos.abort()",
        "q4-densenet_parameters": lambda source: source.split('"""')[0] + "raise NotImplementedError",
    }
    return notebook(lambda id, source: changes.get(id, lambda same: same)(source))


def write() -> None:
    for path in sorted(CLASS.iterdir()):
        if path.name not in OWN:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name, make in MADE.items():
        made = make()
        if isinstance(made, bytes):
            (CLASS / name).write_bytes(made)
            continue
        (CLASS / name).mkdir()
        for file, text in made.items():
            (CLASS / name / file).write_text(text, "utf-8")
        if not made:  # git keeps no empty folder
            (CLASS / name / ".gitkeep").write_text("")


if __name__ == "__main__":
    sys.exit(write())
