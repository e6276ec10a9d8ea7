"""Kinds of wrong answers that any function or class can have, made from the right one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable

import torch
from torch import nn

from autograder.course.author import Attempt


def attempts(replaces: str, made: Iterable[Callable]) -> list[Attempt]:
    return [Attempt(replaces, one.__name__, one, False) for one in made]


def named(name: str, made: Callable) -> Callable:
    made.__name__ = name
    return made


# ---- functions


def of_function(right: Callable) -> list[Attempt]:
    """The kinds for one asked function."""
    made = [_counts_calls, _never_refuses, _always_refuses, _constant, _takes_absolute_values]
    if len(inspect.signature(right).parameters) > 1:
        made.append(_remembers)
    if any(p.default is not p.empty for p in inspect.signature(right).parameters.values()):
        made.append(_broken_by_default)
    return attempts(right.__name__, [one(right) for one in made])


def _remembers(right: Callable) -> Callable:
    """What it first answered for a first argument is its answer for good."""
    held: dict[str, object] = {}

    def remembers(first, *args, **kwargs):
        value = right(first, *args, **kwargs)
        return held.setdefault(repr(first), value)

    return remembers


def _counts_calls(right: Callable) -> Callable:
    """Right when it is first asked, and wrong by what it keeps from then on."""
    seen = set()

    def counts_calls(*args, **kwargs):
        value = right(*args, **kwargs)
        key = repr((args, kwargs))
        if key in seen:
            return None
        seen.add(key)
        return value

    return counts_calls


def _never_refuses(right: Callable) -> Callable:
    def never_refuses(*args, **kwargs):
        try:
            return right(*args, **kwargs)
        except ValueError:
            return 0

    return never_refuses


def _always_refuses(right: Callable) -> Callable:
    def always_refuses(*args, **kwargs):
        raise ValueError

    return always_refuses


def _constant(right: Callable) -> Callable:
    def constant(*args, **kwargs):
        right(*args, **kwargs)
        return 1

    return constant


def _takes_absolute_values(right: Callable) -> Callable:
    """Knows that 0 is no size, and not that -3 is none."""

    def takes_absolute_values(*args, **kwargs):
        return right(*map(_absolute, args), **{name: _absolute(value) for name, value in kwargs.items()})

    return takes_absolute_values


def _absolute(value):
    if isinstance(value, (tuple, list)):
        return type(value)(map(_absolute, value))
    if isinstance(value, dict):
        return {key: _absolute(inner) for key, inner in value.items()}
    return abs(value) if type(value) in (int, float) else value


def _broken_by_default(right: Callable) -> Callable:
    """Right only where everything is given."""
    signature = inspect.signature(right)

    def broken_by_default(*args, **kwargs):
        value = right(*args, **kwargs)
        return value if len(signature.bind(*args, **kwargs).arguments) == len(signature.parameters) else None

    return broken_by_default


def accepting(right: Callable, *arguments: str) -> list[Attempt]:
    """One attempt an argument: it takes a value below 1 for 1."""

    def made(argument: str) -> Callable:
        def call(*args, **kwargs):
            bound = inspect.signature(right).bind(*args, **kwargs)
            if argument in bound.arguments:
                bound.arguments[argument] = _at_least_one(bound.arguments[argument])
            return right(*bound.args, **bound.kwargs)

        return named(f"{argument}_below_1_taken", call)

    return attempts(right.__name__, map(made, arguments))


def _at_least_one(value):
    if isinstance(value, (tuple, list)):
        return type(value)(map(_at_least_one, value))
    return max(1, value) if type(value) is int else value


# ---- classes


def of_module(right: type[nn.Module], *, default: dict, batch_norm: bool = False, below_1: bool = True) -> list[Attempt]:
    """The kinds for one asked class; ``default`` are the values of its optional arguments. ``below_1``: it refuses such values."""

    def forward(name: str, wrong: Callable[[nn.Module, torch.Tensor, Callable], torch.Tensor]) -> type:
        @functools.wraps(right, updated=())
        class Made(right):
            def forward(self, x):
                return wrong(self, x, super().forward)

        return named(name, Made)

    made = [forward(name, wrong) for name, wrong in FORWARD.items()]
    if not batch_norm:
        made.append(forward("zeros_in_training", lambda self, x, run: run(x) * (not self.training)))
    if default:
        made += [_zeros_at(right, dict([pair])) for pair in default.items()]
        made.append(_zeros_at(right, default))
    return attempts(right.__name__, [*made, *_refusals(right, below_1)])


def _first_image(self, x, run):
    y = run(x[:1])
    return y.expand(len(x), *y.shape[1:])


def _one_image(self, x, run):
    return run(x[:1])


def _mean_over_batch(self, x, run):
    return run(x - x.mean(0, keepdim=True) * (len(x) > 1))


def _last_dropped(self, x, run):
    return run(x)[: max(1, len(x) - 1)]


def _order_of_batch(self, x, run):
    return run(x).flip(0)


def _as_single(self, x, run):
    return run(x.float()).to(x.dtype)


def _halved(self, x, run):
    return run(x).half().to(x.dtype)


def _counting(self, x, run):
    self.calls = getattr(self, "calls", 0) + 1
    return run(x) if self.calls < 3 else run(x) * self.calls


def _first_answer(self, x, run):
    key = x.shape
    self.held = getattr(self, "held", {})
    return self.held.setdefault(key, run(x).detach())


def _wipes_input(self, x, run):
    y = run(x)
    x.data.zero_()
    return y


def _input_in_place(self, x, run):
    return run(x.clone()) + 0 * x.relu_().sum()


def _without_gradient(self, x, run):
    with torch.no_grad():
        return run(x)


def _input_detached(self, x, run):
    return run(x.detach())


def _weights_detached(self, x, run):
    held = {name: tensor.detach() for name, tensor in self.named_parameters()}
    return torch.func.functional_call(_Calling(self, run), {f"module.{name}": held[name] for name in held}, (x,))


def _weights_apart(self, run):
    return lambda x: _weights_detached(self, x, run)


class _Calling(nn.Module):
    def __init__(self, module, run):
        super().__init__()
        self.module, self.run = module, run

    def forward(self, x):
        return self.run(x)


FORWARD = {
    "first_image_for_all": _first_image,
    "first_image_alone": _one_image,
    "batch_averaged": _mean_over_batch,
    "last_image_dropped": _last_dropped,
    "batch_turned_round": _order_of_batch,
    "zeros_in_single": lambda self, x, run: run(x) * (x.dtype != torch.float32),
    "zeros_in_double": lambda self, x, run: run(x) * (x.dtype != torch.float64),
    "double_from_single": lambda self, x, run: run(x).double(),
    "single_from_double": lambda self, x, run: run(x).float(),
    "made_single": _as_single,
    "rounded_to_half": _halved,
    "zeros_in_evaluation": lambda self, x, run: run(x) * self.training,
    "softmax_in_evaluation": lambda self, x, run: run(x) if self.training else run(x).softmax(1),
    "sigmoid_in_evaluation": lambda self, x, run: run(x) if self.training else run(x).sigmoid(),
    "noise": lambda self, x, run: run(x) + 0.1 * torch.rand(1, dtype=x.dtype),
    "dropout_always": lambda self, x, run: nn.functional.dropout(run(x), 0.3),
    "counts_its_calls": _counting,
    "first_answer_kept": _first_answer,
    "input_wiped": _wipes_input,
    "input_changed_in_place": _input_in_place,
    "no_gradient": _without_gradient,
    "no_gradient_into_input": _input_detached,
    "no_gradient_into_weights": _weights_detached,
    "no_gradient_in_evaluation": lambda self, x, run: run(x) if self.training else _without_gradient(self, x, run),
    "no_gradient_in_training": lambda self, x, run: _without_gradient(self, x, run) if self.training else run(x),
    "no_gradient_into_input_in_evaluation": lambda self, x, run: run(x if self.training else x.detach()),
    "no_gradient_into_weights_in_evaluation": lambda self, x, run: (run if self.training else _weights_apart(self, run))(x),
    "doubled_where_nothing_is_learnt": lambda self, x, run: run(x) * (1 if torch.is_grad_enabled() else 2),
    "doubled_for_an_input_with_gradient": lambda self, x, run: run(x) * (2 if x.requires_grad else 1),
    "input_wiped_in_training": lambda self, x, run: _wipes_input(self, x, run) if self.training else run(x),
    "input_wiped_in_evaluation": lambda self, x, run: run(x) if self.training else _wipes_input(self, x, run),
    "input_wiped_in_double": lambda self, x, run: _wipes_input(self, x, run) if x.dtype == torch.float64 else run(x),
    "input_wiped_in_single": lambda self, x, run: run(x) if x.dtype == torch.float64 else _wipes_input(self, x, run),
    "input_wiped_of_several": lambda self, x, run: _wipes_input(self, x, run) if len(x) > 1 else run(x),
    "input_cut": lambda self, x, run: run(x.clamp(-9, 9)),
    "rounded_to_half_in_single": lambda self, x, run: run(x).half().float() if x.dtype == torch.float32 else run(x),
    "zeros_for_one_image": lambda self, x, run: run(x) * (len(x) > 1),
    "zeros_where_all_is_positive": lambda self, x, run: run(x) * (x.min() < 0),
    "zeros": lambda self, x, run: run(x) * 0,
    "constant": lambda self, x, run: run(x) * 0 + 1,
    "last_bias_doubled": lambda self, x, run: run(x) + 1e-3,
}


def _zeros_at(right: type[nn.Module], values: dict) -> type:
    """Zeros where these arguments have these values."""
    signature = inspect.signature(right)

    class Made(right):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            self.broken = all(bound.arguments[name] == value for name, value in values.items())

        def forward(self, x):
            return super().forward(x) * (not self.broken)

    return named(f"zeros_at_{'_'.join(f'{name}_{value}' for name, value in values.items())}", Made)


def _refusals(right: type[nn.Module], below_1: bool) -> list[Callable]:
    def never(*args, **kwargs):
        try:
            return right(*args, **kwargs)
        except ValueError:
            return nn.Identity()

    def always(*args, **kwargs):
        raise ValueError

    def absolute(*args, **kwargs):
        return right(*map(_absolute, args), **{name: _absolute(value) for name, value in kwargs.items()})

    made = [_class("refuses_nothing", never), _class("refuses_everything", always)]
    if not below_1:
        return made
    made.append(_class("negative_taken", absolute))
    for name in inspect.signature(right).parameters:

        def zero_taken(*args, _name=name, **kwargs):
            bound = inspect.signature(right).bind(*args, **kwargs)
            if bound.arguments.get(_name) == 0:
                bound.arguments[_name] = 1
            return right(*bound.args, **bound.kwargs)

        if name != "pooling":
            made.append(_class(f"{name}_0_taken", zero_taken))
    return made


def _class(name: str, make: Callable[..., nn.Module]) -> type:
    """A class whose instances are what ``make`` gives."""
    return type(name, (nn.Module,), {"__new__": lambda cls, *args, **kwargs: make(*args, **kwargs)})
