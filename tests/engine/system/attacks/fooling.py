"""Fooling the check: values that pretend, functions that are replaced, modules that are not what they say."""

from __future__ import annotations

from . import attack as made
from .attack import CODE, REST, SCALE, Attack

PLAIN = "values cross as plain data of builtin types and are compared by the marker"
OWN = "the marker compares in a process of its own; what is patched here is not there"
WEIGHTS = "the marker loads weights of its own and compares outputs"
PARTLY = "partly graded"


def attack(name: str, **more) -> Attack:
    return made.attack(name, **more)


def _patched(name: str, lines: str, status: str = "graded") -> Attack:
    """Patches something at import and then answers wrongly."""
    return attack(
        f"patches-{name}",
        stops=OWN,
        score=0,
        status=status,
        source=f"{lines}\ndef area(*_): return 5\nvolume = area\n{WRONG}",
    )


WRONG = SCALE.replace("self.factor * x", "x * 0")


def _scale(name: str, body: str, status: str = "graded") -> Attack:
    source = f"import torch\nclass Scale(torch.nn.Module):\n{body}"
    return attack(f"module-{name}", stops=WEIGHTS, score=REST, status=status, scale=source)


INIT = "    def __init__(self, factor=1.0):\n        super().__init__()\n"
ONE = INIT + "        self.factor = torch.nn.Parameter(torch.tensor([factor]))\n"

ATTACKS = [
    attack(
        "equal-to-everything",
        stops="an object that is no plain data does not cross",
        score=REST,
        volume="class Any:\n    def __eq__(self, other): return True\n    __hash__ = None\nreturn Any()",
    ),
    attack(
        "answers-to-every-name",
        stops="an object that is no torch.nn.Module has no methods to be asked",
        score=REST,
        volume="class Any:\n    def __getattr__(self, name): return lambda *a, **k: Any()\n    __call__ = lambda *a: Any()\n"
        "return Any()",
    ),
    *(
        attack(f"subclass-of-{base.rpartition('.')[2]}", stops=PLAIN, score=REST, volume=body)
        for base, body in [
            (
                base,
                f"import numpy, torch\nclass Any({base}):\n    def __eq__(self, other): return True\n"
                f"    def __ne__(self, other): return False\n    def __hash__(self): return 0\n"
                f"    def __index__(self): return 24\n    __int__ = __index__\n    def __float__(self): return 24.0\nreturn Any({given})",
            )
            for base, given in [
                ("int", "5"),
                ("float", "5.0"),
                ("str", "'24'"),
                ("tuple", "(24,)"),
                ("list", "[24]"),
                ("dict", "{}"),
            ]
        ]
    ),
    attack(
        "subclass-of-ndarray",
        stops=PLAIN,
        score=REST,
        volume="import numpy\nclass Any(numpy.ndarray):\n    def __eq__(self, other): return True\n"
        "    def __array_ufunc__(self, *_, **__): return True\n    def __array_function__(self, *_, **__): return True\n"
        "return numpy.array(5).view(Any)",
    ),
    attack(
        "subclass-of-tensor",
        stops=PLAIN,
        score=REST,
        scale=SCALE,
        volume="import torch\nclass Any(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, function, types, args=(), kwargs=None):\n"
        "        return super().__torch_function__(function, types, args, kwargs or {})\n    def __eq__(self, other): return True\n"
        "return torch.tensor(5).as_subclass(Any)",
    ),
    attack(
        "true-for-one",
        stops="a bool never stands for an integer",
        score=CODE - 10,
        area="def area(height, width=4):\n    if min(height, width) < 1: raise ValueError\n"
        "    return True if height * width == 1 else height * width\n",
    ),
    attack(
        "text-for-a-number",
        stops="a string never stands for a number",
        score=REST,
        volume="return str(height * width * channels)",
    ),
    attack(
        "text-in-the-sheet", stops="the same, in the answer sheet", score=CODE, answers='[q1]\narea = "221"\nvolume = true\n'
    ),
    attack("honest-whole-float", stops="nothing: it is right", score=CODE, volume="return float(height * width * channels)"),
    attack(
        "honest-numpy-integer",
        stops="nothing: it is right",
        score=CODE,
        volume="import numpy\nreturn numpy.int32(height * width * channels)",
    ),
    attack(
        "honest-torch-integer",
        stops="nothing: it is right",
        score=CODE,
        volume="import torch\nreturn torch.tensor(height * width * channels)",
    ),
    attack(
        "complex-number", stops=PLAIN, score=REST, status="partly graded", volume="return complex(height * width * channels)"
    ),
    attack(
        "list-of-one",
        stops="a list stands for a tuple, never for a number",
        score=REST,
        volume="return [height * width * channels]",
    ),
    attack(
        "array-for-a-number",
        stops="an array never stands for a number",
        score=REST,
        volume="import numpy\nreturn numpy.array([height * width * channels])",
    ),
    attack("every-answer-at-once", stops="one value is compared", score=REST, volume="return list(range(1000))"),
    _patched("torch-equal", "import torch\ntorch.equal = torch.allclose = torch.Tensor.__eq__ = lambda *_, **__: True"),
    _patched(
        "module-parameters",
        "import torch\ntorch.nn.Module.parameters = torch.nn.Module.named_parameters = lambda *_, **__: iter(())",
    ),
    _patched("math-isclose", "import math, builtins\nmath.isclose = builtins.abs = builtins.all = lambda *_, **__: True"),
    _patched("isinstance", "import builtins\nbuiltins.isinstance = lambda *_: True", PARTLY),
    _patched(
        "numpy-testing",
        "import numpy\nfor name in dir(numpy.testing):\n    if name.startswith('assert'): setattr(numpy.testing, name, lambda *_, **__: None)\nnumpy.allclose = numpy.array_equal = lambda *_, **__: True",
    ),
    _patched(
        "pytest",
        "try:\n    import pytest, _pytest.runner\n    pytest.raises = pytest.fail = _pytest.runner.runtestprotocol = lambda *_, **__: None\nexcept Exception:\n    pass",
    ),
    _patched(
        "importlib",
        "import importlib, sys\nimportlib.import_module = lambda name: sys.modules[__name__]\nsys.modules['solutions'] = sys.modules['autograder'] = sys.modules['solutions.q1_box'] = sys.modules[__name__]",
    ),
    _patched(
        "the-wire",
        "import sys\nfor name in [name for name in sys.modules if name.startswith('wall')]:\n    module = sys.modules[name]\n    for key in ('same', 'decode', 'lengths'):\n        if hasattr(module, key): setattr(module, key, lambda *_: True)",
        PARTLY,
    ),
    attack(
        "remembers-its-first-answer",
        stops="many inputs, each compared",
        score=REST,
        head="import functools\nseen = {}\n",
        volume="return seen.setdefault('first', height * width * channels)",
    ),
    attack(
        "table-of-the-public-inputs",
        stops="hidden inputs are others",
        score=0,
        source="def area(height, width=4): return {(2, 3): 6, (13, 17): 221}.get((height, width), 6)\n"
        "def volume(*sizes): return {(2, 3, 1): 6, (13, 17, 19): 4199}.get(sizes, 6)\n" + WRONG,
    ),
    attack(
        "answers-by-order-of-calls",
        stops="there is no order to be learnt: an order costs nothing and tells nothing",
        score=REST,
        head="count = iter(range(100))\n",
        volume="return [24, 8, 70][next(count) % 3]",
    ),
    attack(
        "lets-an-outer-frame-answer",
        stops="no frame below holds the expected value",
        score=REST,
        volume="import sys\nframe, found = sys._getframe(), []\nwhile frame:\n    found += [v for k, v in frame.f_locals.items() if k in\n"
        "        ('expected', 'want', 'solution', 'reference') and isinstance(v, int)]\n    frame = frame.f_back\nreturn found[0] if found else 0",
    ),
    _scale("without-weights", INIT + "    def forward(self, x): return 3 * x\n"),
    _scale(
        "padded-with-weights",
        ONE + "        self.more = torch.nn.Parameter(torch.zeros(9))\n    def forward(self, x): return self.factor * x\n",
    ),
    _scale("that-ignores-its-weights", ONE + "    def forward(self, x): return 1.0 * x\n"),
    _scale("of-a-constant", ONE + "    def forward(self, x): return torch.ones_like(x)\n"),
    _scale(
        "that-names-others-weights",
        ONE
        + "    def named_parameters(self, *_, **__): yield 'factor', torch.nn.Parameter(torch.ones(1))\n    def forward(self, x): return self.factor * x\n",
    ),
    _scale(
        "of-a-lying-count",
        ONE
        + "    def named_parameters(self, *_, **__): return {'factor': type('P', (), {'detach': lambda s: s, 'numpy': lambda s: 1, 'copy_': lambda *_: None})()}.items()\n    def forward(self, x): return x\n",
    ),
    _scale(
        "that-returns-its-input-object",
        ONE + "    def forward(self, x): return type('T', (), {'detach': lambda s: s, 'numpy': lambda s: s})()\n",
    ),
    _scale("that-is-no-module", "    def __new__(cls, *_): return 3\n"),
    attack(
        "module-that-only-looks-like-one",
        stops=WEIGHTS,
        score=REST,
        scale="class Scale:\n    def __init__(self, *_): pass\n    def parameters(self): return {'w': 1}\n    def load(self, arrays): pass\n    def __call__(self, x): return x\n",
    ),
]
