"""Question 4, public: small cases you can check by hand. Passing them is not full marks: hidden checks ask more."""

import numpy as np
import pytest

from autograder.course.variants import sheet


def part(kind, name):
    return pytest.mark.part(f"q4.{kind}.{name}", en=name, fa=name)


@part("code", "dense_layer_input_channels")
def test_dense_layer_input_channels(student):
    assert student.q4_densenet.dense_layer_input_channels(5, 2, 1) == 5, "the first layer / لایهٔ نخست"
    assert student.q4_densenet.dense_layer_input_channels(5, 2, 2) == 7, "the second layer / لایهٔ دوم"


@part("code", "dense_block_output_channels")
def test_dense_block_output_channels(student):
    assert student.q4_densenet.dense_block_output_channels(5, 2, 2) == 9, "5 and twice 2 / ۵ و دو تا ۲"


@part("code", "dense_block_parameters")
def test_dense_block_parameters(student):
    assert student.q4_densenet.dense_block_parameters(1, 1, 1) == 11, "batch norm 2, convolution 9 / نرمال‌سازی ۲، پیچش ۹"
    assert student.q4_densenet.dense_block_parameters(2, 3, 2) == (4 + 54) + (10 + 135), (
        "the second layer sees 5 maps / لایهٔ دوم ۵ نگاشت می‌بیند"
    )


@part("code", "densenet_parameters")
def test_densenet_parameters(student):
    count = student.q4_densenet.densenet_parameters(
        1, (1,), 1, num_classes=1, compression=1.0, bottleneck=False, stem="cifar"
    )
    assert count == 27 + 11 + 4 + 3, "stem, block, batch norm, linear / ساقه، بلوک، نرمال‌سازی، خطی"


@part("code", "DenseBlock")
def test_dense_block(student):
    block = student.q4_densenet.DenseBlock(3, 2, 2)
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(np.float32)
    y = block(x)
    assert y.shape == (2, 7, 4, 5), "(batch, in_channels + num_layers · growth_rate, H, W)"
    assert np.array_equal(y[:, :3], x), "the block's input comes first / ورودی بلوک در آغاز است"
    assert block.parameters(), "no learnable parameters were found / پارامتر یادگرفتنی پیدا نشد"


@part("code", "DenseBlock")
def test_the_second_layer_sees_what_the_first_one_makes(student):
    """Whatever is changed of the first layer's maps changes the second layer's maps too."""
    block = student.q4_densenet.DenseBlock(3, 2, 2)
    block.eval()
    random = np.random.default_rng(0)
    x = random.normal(size=(2, 3, 4, 5)).astype(np.float32)
    state = {name: random.normal(size=array.shape).astype(array.dtype) for name, array in block.parameters().items()}
    block.load(state)
    before, seen = block(x), False
    for name in [name for name, array in state.items() if array.ndim == 4]:
        block.load({**state, name: 2 * state[name]})
        after = block(x)
        if not np.allclose(after[:, 3:5], before[:, 3:5]):
            seen = seen or not np.allclose(after[:, 5:], before[:, 5:])
    assert seen, "its input is all that is there before it / ورودی‌اش همهٔ نگاشت‌های پیش از آن است"


@part("numbers", "third_layer_input_maps")
def test_third_layer_input_maps_answer(form):
    form("q4.third_layer_input_maps")


@part("numbers", "third_layer_output_channels")
def test_third_layer_output_channels_answer(student, form, agree):
    form("q4.third_layer_output_channels")
    agree("q4.third_layer_output_channels", student.q4_densenet.dense_block_output_channels(sheet.channels, sheet.growth, 3))
