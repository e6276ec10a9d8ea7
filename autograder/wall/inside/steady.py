"""The state of torch and Python that the marker relies on, set anew for each of its calls.

A student's file may turn gradients off or change the default type: no answer of theirs is to depend on it. What reads and
sets the state is looked up before the first line of theirs runs, so that a function which they replace is not asked.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

SEED = 0
FILTERS = [("ignore", None, Warning, None, 0)]  # as `simplefilter("ignore")` leaves them

_C = torch._C
_inference, _leave_inference = torch.is_inference_mode_enabled, torch.inference_mode
_grad, _float32, _dtype, _set_dtype = torch.set_grad_enabled, torch.float32, torch.get_default_dtype, torch.set_default_dtype
_contexts, _set_device = torch._GLOBAL_DEVICE_CONTEXT, torch.set_default_device
_autocast, _anomaly, _deterministic = torch.set_autocast_enabled, torch.set_anomaly_enabled, _C._set_deterministic_algorithms
_reset_warnings, _filter_warnings = warnings.resetwarnings, warnings.simplefilter
_precision, _denormal = _C._set_float32_matmul_precision, torch.set_flush_denormal


def seed() -> None:
    """Every process begins with the same random numbers."""
    torch.default_generator.manual_seed(SEED)
    np.random.seed(SEED)
    random.seed(SEED)


def steadily(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call ``function`` with gradients on, in float32, on the CPU, without autocast, with warnings that stay warnings."""
    if _inference():
        with _leave_inference(False):
            return steadily(function, *args, **kwargs)
    _grad(True)
    if _dtype() is not _float32:
        _set_dtype(_float32)
    if getattr(_contexts, "device_context", None) is not None:
        _set_device(None)
    _autocast("cpu", False)
    _anomaly(False)
    _deterministic(False)
    _precision("highest")
    _denormal(False)
    if warnings.filters != FILTERS:
        _reset_warnings()
        _filter_warnings("ignore")
    return function(*args, **kwargs)
