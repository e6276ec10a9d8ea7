"""The marker sets what it relies on around each of its calls: no state that a student's code leaves behind costs anything."""

import numpy as np
import pytest

STATES = [
    "torch.set_grad_enabled(False)",
    "torch.no_grad().__enter__()",
    "torch.inference_mode().__enter__()",
    "torch.set_default_dtype(torch.float64)",
    "torch.set_default_device('meta')",
    "torch.autocast('cpu', dtype=torch.bfloat16).__enter__()",
    "torch.autograd.set_detect_anomaly(True)",
    "torch.use_deterministic_algorithms(True)",
    "torch.set_float32_matmul_precision('medium')",
    "torch.set_flush_denormal(True)",
    "torch.set_num_threads(3)",
    "torch.manual_seed(7)",
    "torch.set_printoptions(precision=1)",
    "warnings.simplefilter('error')",
    "np.random.seed(7); random.seed(7)",
    "torch.set_default_dtype(torch.float64); torch.set_default_dtype = None",
    "torch.set_default_dtype(torch.float64); torch.get_default_dtype = lambda: torch.float32",
]
SOURCE = """
import random, warnings
import numpy as np, torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 1))
    def forward(self, x): return self.layers(x)
def f():
    tensor = torch.ones(2, requires_grad=True) / 3
    return [str(tensor.dtype), tensor.requires_grad, str(tensor.device), warnings.warn("w")]
"""


def answers(student):
    image = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    net = student.q.Net()
    before = {name: (value.shape, value.dtype) for name, value in net.parameters().items()}
    net.load({name: np.full(shape, 0.01, dtype) for name, (shape, dtype) in before.items()})
    into, weights = net.gradients(image, np.ones((1, 1), np.float32))
    return [student.q.f(), before, net(image), into, *weights.values()]


@pytest.mark.parametrize("state", STATES)
def test_no_state_that_is_left_behind_changes_an_answer(behind, state):
    want = answers(behind(SOURCE))
    at_import = behind(f"{SOURCE}\n{state}\n")
    in_a_call = behind(f"{SOURCE}\ndef leave():\n    {state}\n")
    in_a_call.q.leave()
    for student in (at_import, in_a_call):
        np.testing.assert_equal(answers(student), want)


def test_a_process_begins_with_the_same_random_numbers(behind):
    source = "import random, numpy as np, torch\ndef f(): return [random.random(), np.random.rand(), float(torch.rand(1))]"
    assert behind(source).q.f() == behind(source).q.f()
