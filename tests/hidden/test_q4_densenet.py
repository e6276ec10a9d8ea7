"""Question 4, hidden: the channels of a dense block, DenseNet's parameters; the block by what it does."""

from functools import cache

import numpy as np
import pytest

from autograder.course.author import sheet
from autograder.marking.compare import same
from solutions import q4_densenet as solution
from solutions import q4_densenet_numbers as numbers
from tests.hidden import asking, drawing, modules


@pytest.mark.parametrize("number", sheet(numbers))
def test_number(answers, reference, number):
    assert same(answers[number.key], number.recipe(reference))


def part(name, en, fa, weight=1):
    return pytest.mark.part(f"q4.code.{name}", en=en, fa=fa, weight=weight)


def agrees(student, name, *cases, **more):
    return asking.agrees(getattr(student.q4_densenet, name), getattr(solution, name), *cases, **more)


def refuses(student, name, *cases, but):
    return asking.refuses(getattr(student.q4_densenet, name), *cases, but=but)


@part("dense_layer_input_channels", "layers along a block", "لایه‌های یک بلوک", weight=5)
def test_input_channels(student):
    assert agrees(student, "dense_layer_input_channels", (16, 12, 4), (64, 32, 6), (7, 5, 3), (24, 40, 2), (1, 2, 2))


@part("dense_layer_input_channels", "the first layer, long blocks", "لایهٔ نخست و بلوک‌های بلند", weight=4)
def test_input_channels_ends(student):
    cases = [(16, 12, 1), (3, 8, 1), (128, 32, 24), (10, 1, 9), (1, 1, 1)]
    assert agrees(student, "dense_layer_input_channels", *cases)


@part("dense_layer_input_channels", "values below 1", "مقدارهای کمتر از ۱")
def test_input_channels_refuses(student):
    cases = [(16, 12, 0), (0, 12, 1), (16, 0, 1), (16, 12, -1), (-16, 12, 4), (16, -1, 1), (0, 12, 3), (16, 0, 3)]
    assert refuses(student, "dense_layer_input_channels", *cases, but=[(1, 1, 1), (1, 2, 2)])


@part("dense_block_output_channels", "blocks of several layers", "بلوک‌های چندلایه", weight=5)
def test_output_channels(student):
    assert agrees(student, "dense_block_output_channels", (16, 12, 4), (64, 32, 6), (7, 5, 3), (9, 20, 2))


@part("dense_block_output_channels", "one layer, many layers", "یک لایه و لایه‌های بسیار", weight=4)
def test_output_channels_ends(student):
    cases = [(16, 12, 1), (3, 8, 30), (128, 1, 11), (1, 1, 1), (2, 3, 1)]
    assert agrees(student, "dense_block_output_channels", *cases)


@part("dense_block_output_channels", "values below 1", "مقدارهای کمتر از ۱")
def test_output_channels_refuses(student):
    cases = [(16, 12, 0), (0, 12, 1), (16, 0, 1), (16, 12, -1), (-16, 12, 4), (16, -1, 1)]
    assert refuses(student, "dense_block_output_channels", *cases, but=[(1, 1, 1), (2, 3, 1)])


@part("dense_block_parameters", "plain layers", "لایه‌های ساده", weight=5)
def test_block_parameters(student):
    assert agrees(student, "dense_block_parameters", (16, 12, 1), (16, 12, 4), (7, 5, 3), (24, 9, 6), (1, 1, 1), (2, 1, 2))


@part("dense_block_parameters", "bottleneck layers", "لایه‌های گلوگاهی", weight=4)
def test_block_parameters_bottleneck(student):
    cases = [(16, 12, 1), (16, 12, 4), (7, 5, 3), (24, 9, 6), (1, 1, 1)]
    assert agrees(student, "dense_block_parameters", *cases, bottleneck=True)


@part("dense_block_parameters", "values below 1", "مقدارهای کمتر از ۱")
def test_block_parameters_refuses(student):
    cases = [(16, 12, 0), (0, 12, 1), (16, 0, 1), (16, 12, -1), (-16, 12, 2), (16, -1, 1)]
    cases += [(*case, True) for case in cases]
    assert refuses(student, "dense_block_parameters", *cases, but=[(1, 1, 1), (1, 1, 1, True), (2, 1, 2)])


@part("densenet_parameters", "networks for ImageNet", "شبکه‌های ImageNet", weight=4)
def test_densenet(student):
    cases = [
        (16, (2, 3), 24),
        (12, (1, 4, 2), 20, 7),
        (1, (2, 1, 3, 1, 2), 4, 3, 1.0),
        (32, (6, 12, 64, 48), 64),
        (2, (1, 1), 4, 2),
    ]
    assert agrees(student, "densenet_parameters", *cases)


@part(
    "densenet_parameters",
    "networks for CIFAR, without bottleneck and compression",
    "شبکه‌های CIFAR، بی‌گلوگاه و بی‌فشردگی",
    weight=3,
)
def test_densenet_plain(student):
    cases = [(12, (3, 3, 3), 16, 10, 1.0, False, "cifar"), (5, (2, 4), 9, 3, 1.0, False, "cifar")]
    cases += [(7, (4,), 10, 6, 1.0, False, "cifar"), (1, (1,), 1, 1, 1.0, False, "cifar")]
    assert agrees(student, "densenet_parameters", *cases)


@part("densenet_parameters", "other compressions, one block", "فشردگی‌های دیگر، یک بلوک", weight=2)
def test_densenet_compression(student):
    cases = [(12, (3, 2, 3), 24, 10, 0.3, True, "cifar"), (9, (2, 2), 13, 4, 0.7, False, "imagenet")]
    cases += [(8, (5,), 11, 10, 0.5, True, "cifar"), ((6, (2, 3), 10), {"stem": "cifar", "bottleneck": False})]
    assert agrees(student, "densenet_parameters", *cases)


@part("densenet_parameters", "arguments that make no network", "آرگومان‌هایی که شبکه نمی‌سازند")
def test_densenet_refuses(student):
    cases = [
        (12, (2, 2), 16, 10, 0.5, True, "mnist"),
        (12, (2, 2), 16, 10, 0.5, True, ""),
        (12, (), 16),
        (0, (2, 2), 16),
        (-12, (2, 2), 16),
        (12, (2, 0), 16),
        (12, (0, 2), 16),
        (12, (2, -1), 16),
        (12, (2, 2), 0),
        (12, (2, 2), -16),
        (12, (2, 2), 16, 0),
        (12, (2, 2), 16, -10),
        (12, (2, 2), 16, 10, 0.0),
        (12, (2, 2), 16, 10, -0.5),
        (12, (2, 2), 16, 10, 1.5),
    ]
    but = [(1, (1,), 1, 1, 1.0, False, "cifar"), (2, (1, 1), 4, 2)]
    assert refuses(student, "densenet_parameters", *cases, but=but)


def image(channels, height=6, width=5, seed=1, batch=3):
    return drawing.normal(batch, channels, height, width, seed=seed)


@cache
def expected(reference, *args):
    block = reference.q4_densenet.DenseBlock(*args)
    block.train()
    return block


@cache
def in_evaluation(reference, *args):
    block = reference.q4_densenet.DenseBlock(*args)
    block.eval()
    return block


@part("DenseBlock", "output shapes", "شکل خروجی")
def test_block_shapes(student):
    for args, channels in [((2, 5, 3), 17), ((3, 2, 1), 5)]:
        block = student.q4_densenet.DenseBlock(*args)
        assert block(image(args[0]).astype(np.float32)).shape == (3, channels, 6, 5)


@part("DenseBlock", "number of parameters", "شمار پارامترها")
def test_block_count(student, reference):
    for args in [(2, 5, 4), (6, 1, 1)]:
        assert modules.total(student.q4_densenet.DenseBlock(*args)) == modules.total(expected(reference, *args))


@part("DenseBlock", "same outputs for the same weights", "خروجی یکسان با وزن‌های یکسان", weight=4)
def test_block_outputs(student, reference):
    for args, seed in [((4, 3, 3), 31), ((3, 2, 1), 32), ((1, 1, 5), 35), ((2, 5, 2), 36)]:
        block, want = student.q4_densenet.DenseBlock(*args), expected(reference, *args)
        block.train()
        sizes = [(6, 5, 3), (7, 4, 2), (4, 9, 1), (5, 5, 1), (1, 1, 4)]
        images = [20 * image(args[0], height, width, seed, batch) for seed, (height, width, batch) in enumerate(sizes, 1)]
        images[0] = np.abs(images[0])
        assert modules.loaded_alike(block, want, images, seed=seed)
    block, want = student.q4_densenet.DenseBlock(3, 4, 2), expected(reference, 3, 4, 2)
    block.train()
    assert modules.loaded_alike(block, want, [image(3)], seed=37, single=True)


@part("DenseBlock", "same outputs in evaluation, before any training", "خروجی یکسان در ارزیابی، پیش از هر آموزشی")
def test_block_evaluation(student, reference):
    block, want = student.q4_densenet.DenseBlock(2, 4, 3), in_evaluation(reference, 2, 4, 3)
    block.eval()
    assert modules.loaded_alike(block, want, [image(2, seed=3), 20 * image(2, seed=5, batch=1)], seed=33)


@part("DenseBlock", "gradients reach the input and every weight", "گرادیان به ورودی و همهٔ وزن‌ها می‌رسد")
def test_block_gradients(student):
    assert modules.flows(student.q4_densenet.DenseBlock(3, 2, 3), image(3, seed=4))


@part("DenseBlock", "evaluation uses the statistics seen in training", "در ارزیابی، آمارهٔ آموزش به کار می‌رود", weight=2)
def test_block_statistics(student):
    seen = 1 + 1.5 * image(2, 6, 6, seed=5, batch=8)
    assert modules.statistics(student.q4_densenet.DenseBlock(2, 3, 3), seen, (2, 5, 8))


@part("DenseBlock", "the same for each image in evaluation, in every precision", "در ارزیابی یکسان برای هر تصویر، در هر دقت")
def test_block_steady(student):
    (block, another), images = [student.q4_densenet.DenseBlock(3, 2, 2) for _ in range(2)], image(3, seed=6)
    assert modules.apart(block, another, images)
    assert modules.steady(block, images, (3, 7, 6, 5), same_in_training=False)
    block.train()
    assert block.forward(images)[1] is True


@part("DenseBlock", "arguments below 1", "آرگومان‌های کمتر از ۱")
def test_block_refuses(student):
    cases = [(0, 3, 2), (4, 0, 2), (4, 3, 0), (-4, 3, 2), (4, -3, 2), (4, 3, -2)]
    assert refuses(student, "DenseBlock", *cases, but=[(1, 1, 1)])
