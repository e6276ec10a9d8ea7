"""Wrong matrices made of a convolution's kernel: [K, C, kh, kw] -> [K·Ho·Wo, C·H·W]."""

import numpy as np

from autograder.course.mistakes import mistakes
from solutions import q1_equivalence as right
from solutions.q1_equivalence_misconceptions import CONV, CS231N, FLATTEN, TILE, pair

matrices = mistakes(of=right.linear_from_conv)

matrices.instead("padding_forgotten", CS231N, padding=0,
    en="Where does the filter stand when part of it hangs over the image's edge?",
    fa="وقتی بخشی از فیلتر از لبهٔ تصویر بیرون می‌زند، فیلتر کجا ایستاده است؟")
matrices.instead("stride_forgotten", CS231N, stride=1,
    en="How far does the filter move from one output to the next?",
    fa="فیلتر از یک خروجی تا خروجی بعدی چقدر جابه‌جا می‌شود؟")
matrices.instead("window_flipped", CONV, weight=lambda weight: np.asarray(weight)[:, :, ::-1, ::-1],
    en="Which weight of the kernel meets the pixel at the window's upper left corner?",
    fa="کدام وزنِ هسته با پیکسل گوشهٔ بالا و چپِ پنجره ضرب می‌شود؟")


def _padded_first(weight, bias, image_shape, stride, before, after):
    """The matrix over an image with ``before`` and ``after`` zeros a side, as [rows, C, H + …, W + …], and its bias."""
    channels, *sides = image_shape
    wide = tuple(side + b + a for side, b, a in zip(sides, before, after, strict=True))
    matrix, offset = right.linear_from_conv(weight, bias, (channels, *wide), stride, 0)
    return matrix.reshape(-1, channels, *wide), offset


@matrices.mistake(en="On how many sides of the image does torch put the zeros?",
                  fa="torch صفرها را در چند سوی تصویر می‌گذارد؟",
                  source=CONV)
def padding_on_one_side(weight, bias, image_shape, stride=1, padding=0):
    right.linear_from_conv(weight, bias, image_shape, stride, padding)
    top, left = pair(padding)
    matrix, offset = _padded_first(weight, bias, image_shape, stride, (top, left), (0, 0))
    return matrix[:, :, top:, left:].reshape(len(matrix), -1), offset


@matrices.mistake(en="What stands beyond the edge: nothing, or the opposite side of the image?",
                  fa="آن سوی لبه چه چیزی هست: هیچ، یا سوی روبه‌روی تصویر؟",
                  source=CONV)
def padding_wraps_round(weight, bias, image_shape, stride=1, padding=0):
    right.linear_from_conv(weight, bias, image_shape, stride, padding)
    matrix, offset = _padded_first(weight, bias, image_shape, stride, pair(padding), pair(padding))
    folded = np.zeros((len(matrix), *image_shape), matrix.dtype)
    rows = (np.arange(matrix.shape[2]) - pair(padding)[0]) % image_shape[1]
    columns = (np.arange(matrix.shape[3]) - pair(padding)[1]) % image_shape[2]
    places = (slice(None), slice(None), rows[:, None], columns[None, :])
    np.add.at(folded, places, matrix)  # type: ignore[arg-type]  # its stub knows no slices
    return folded.reshape(len(matrix), -1), offset


@matrices.mistake(en="A filter is used at many positions; does a linear layer have a row for the filter, or for each of its uses?",
                  fa="یک فیلتر در جاهای بسیاری به کار می‌رود؛ لایهٔ خطی برای خودِ فیلتر یک سطر دارد یا برای هر بار استفاده از آن؟",
                  source=CS231N)
def one_row_per_filter(weight, bias, image_shape, stride=1, padding=0):
    matrix, _ = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return matrix[:: len(matrix) // len(weight)], np.asarray(bias)


@matrices.mistake(en="How many outputs does the linear layer have, and does each of them get its bias?",
                  fa="لایهٔ خطی چند خروجی دارد و آیا به هر یک از آن‌ها بایاسش می‌رسد؟")
def one_bias_per_filter(weight, bias, image_shape, stride=1, padding=0):
    return right.linear_from_conv(weight, bias, image_shape, stride, padding)[0], np.asarray(bias)


@matrices.mistake(en="Neighbouring outputs of one filter share a bias; in which order do the repeated biases then stand?",
                  fa="خروجی‌های همسایهٔ یک فیلتر بایاس یکسانی دارند؛ پس بایاس‌های تکرارشده با چه ترتیبی می‌آیند؟",
                  source=TILE)
def bias_tiled_instead_of_repeated(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return matrix, np.tile(np.asarray(bias), len(offset) // len(weight))


@matrices.mistake(en="In the flattened output, do all positions of one filter come first, or all filters at one position?",
                  fa="هنگام تخت کردن خروجی پیچش، نخست همهٔ جاهای یک فیلتر می‌آیند یا همهٔ فیلترها در یک جا؟")
def rows_position_by_position(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    order = np.arange(len(matrix)).reshape(len(weight), -1).T.reshape(-1)
    return matrix[order], offset[order]


@matrices.mistake(en="In which order do channels, rows and columns of the image stand in the flattened input?",
                  fa="در ورودیِ تخت‌شده، کانال‌ها و سطرها و ستون‌های تصویر با چه ترتیبی می‌آیند؟",
                  source=FLATTEN)
def columns_channels_last(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return matrix.reshape(-1, *image_shape).transpose(0, 2, 3, 1).reshape(matrix.shape), offset


@matrices.mistake(en="Through how many of the image's channels does each filter reach?",
                  fa="هر فیلتر به چند کانال از کانال‌های تصویر می‌رسد؟",
                  source=CS231N)
def only_the_first_channel_connected(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    matrix = matrix.reshape(-1, *image_shape).copy()
    matrix[:, 1:] = 0
    return matrix.reshape(len(matrix), -1), offset


@matrices.mistake(en="Each filter brings an offset of its own; where does the linear layer keep it?",
                  fa="هر فیلتر مقدار ثابتی از آنِ خود دارد؛ لایهٔ خطی آن را کجا نگه می‌دارد؟")
def offset_forgotten(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return matrix, np.zeros_like(offset)
