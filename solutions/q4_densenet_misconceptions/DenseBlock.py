"""Wrong dense blocks, each the right one with a choice changed."""

from __future__ import annotations

import torch
from torch import nn

from autograder.course.mistakes import mistakes
from solutions import q4_densenet as right
from solutions.q4_densenet_misconceptions import DENSENET, MODULES, NORM, PREACTIVATION, RESNET

module = mistakes(of=right.DenseBlock)


class _DenseBlock(nn.Module):
    """BN-ReLU-conv layers that see all maps before them, each choice open to change."""

    bias, kernel = False, 3

    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        with torch.device("meta"):
            right.DenseBlock(in_channels, growth_rate, num_layers)  # refuses what the reference refuses
        self.in_channels = in_channels
        layers = range(1, num_layers + 1)
        self.layers = self.hold([self.layer(self.sees(in_channels, growth_rate, n), growth_rate) for n in layers])

    def sees(self, in_channels, growth_rate, layer):
        return in_channels + growth_rate * (layer - 1)

    def conv(self, channels, growth_rate):
        return nn.Conv2d(channels, growth_rate, self.kernel, padding=self.kernel // 2, bias=self.bias)

    def norm(self, channels):
        return nn.BatchNorm2d(channels)

    def layer(self, channels, growth_rate):
        return nn.Sequential(self.norm(channels), nn.ReLU(), self.conv(channels, growth_rate))

    def hold(self, layers):
        return nn.ModuleList(layers)

    def shown(self, maps):
        """What of all ``maps`` so far, the block's input first, the next layer sees."""
        return torch.cat(maps, dim=1)

    def returned(self, maps):
        return torch.cat(maps, dim=1)

    def forward(self, images):
        maps = [images]
        for layer in self.layers:
            maps.append(layer(self.shown(maps)))
        return self.returned(maps)


def _backwards(self, maps):
    return torch.cat(maps[::-1], dim=1)


module.variant("module_last_output_only", _DenseBlock, DENSENET, returned=lambda self, maps: maps[-1],
    en="What does the block hand on: what its last layer made, or all that was made in it?",
    fa="بلوک چه چیزی تحویل می‌دهد: ساختهٔ آخرین لایه یا همهٔ آنچه در آن ساخته شده است؟")
module.variant("module_block_input_left_out", _DenseBlock, DENSENET, returned=lambda self, maps: torch.cat(maps[1:] or maps, dim=1),
    en="What did the block receive, and where is it in what the block gives?",
    fa="بلوک چه چیزی دریافت کرد و آن چیز در خروجی بلوک کجاست؟")
module.variant("module_new_maps_in_front", _DenseBlock, DENSENET, shown=_backwards, returned=_backwards,
    en="Where among the maps that are there already do a layer's new ones go?",
    fa="نقشه‌های تازهٔ هر لایه در کجای نقشه‌های موجود می‌نشینند؟")
module.variant("module_bias_in_the_convolution", _DenseBlock, DENSENET, bias=True,
    en="Does a convolution need an offset of its own where every map is normalised before it is used?",
    fa="جایی که هر نقشه پیش از به کار رفتن نرمال می‌شود، آیا پیچش به بایاسِ خودش نیاز دارد؟")
module.variant("module_one_by_one_convolution", _DenseBlock, DENSENET, kernel=1,
    en="Does a dense layer look only at its own pixel, or round it as well?",
    fa="لایهٔ چگال تنها پیکسل خودش را می‌بیند یا پیرامون آن را هم؟")
module.variant("module_layers_in_a_plain_list", _DenseBlock, MODULES, unregistered=True, hold=lambda self, layers: layers,
    en="Would an optimiser find the layers of your block, if it asked for its parameters?",
    fa="اگر بهینه‌ساز پارامترهای بلوک شما را بخواهد، آیا لایه‌هایش را می‌یابد؟")
module.variant("module_one_layer_short", _DenseBlock, hold=lambda self, layers: nn.ModuleList(layers[:-1]),
    en="How many layers were asked, and how many did your loop make?",
    fa="چند لایه خواسته شده بود و حلقهٔ شما چند لایه ساخت؟")
module.variant("module_batch_norm_missing", _DenseBlock, DENSENET, layer=lambda self, c, k: nn.Sequential(nn.ReLU(), self.conv(c, k)),
    en="Which of a dense layer's three operations comes first, and is it there?",
    fa="از سه عملِ لایهٔ چگال کدام نخست می‌آید و آیا اینجا هست؟")
module.variant("module_conv_before_batch_norm", _DenseBlock, PREACTIVATION, layer=lambda self, c, k: nn.Sequential(self.conv(c, k), self.norm(k), nn.ReLU()),
    en="Does the paper normalise what goes into the convolution, or what comes out of it?",
    fa="مقاله آنچه را وارد پیچش می‌شود نرمال می‌کند یا آنچه را از آن بیرون می‌آید؟")
module.variant("module_relu_before_batch_norm", _DenseBlock, PREACTIVATION, layer=lambda self, c, k: nn.Sequential(nn.ReLU(), self.norm(c), self.conv(c, k)),
    en="Which is applied to the maps first, the normalisation or the ReLU?",
    fa="نخست کدام روی نقشه‌ها اعمال می‌شود: نرمال‌سازی یا ReLU؟")
module.variant("module_relu_missing", _DenseBlock, DENSENET, layer=lambda self, c, k: nn.Sequential(self.norm(c), self.conv(c, k)),
    en="Between normalisation and convolution, what bends the straight line?",
    fa="میان نرمال‌سازی و پیچش چه چیزی خط راست را خم می‌کند؟")
module.variant("module_batch_statistics_in_evaluation", _DenseBlock, NORM, norm=lambda self, c: nn.BatchNorm2d(c, track_running_stats=False),
    en="Which mean does batch norm subtract once training is over?",
    fa="نرمال‌سازی دسته‌ای پس از پایان آموزش کدام میانگین را کم می‌کند؟")
module.variant("module_another_epsilon", _DenseBlock, NORM, norm=lambda self, c: nn.BatchNorm2d(c, eps=1e-3),
    en="What does batch norm add to the variance before it divides, and is yours torch's default?",
    fa="نرمال‌سازی دسته‌ای پیش از تقسیم چه عددی به واریانس می‌افزاید و آیا عدد شما پیش‌فرض torch است؟")


@module.mistake(en="Which earlier layers does a layer of the block listen to?",
                fa="هر لایهٔ بلوک به کدام لایه‌های پیشین گوش می‌دهد؟",
                source=DENSENET)
class module_layers_chained(_DenseBlock):
    def sees(self, in_channels, growth_rate, layer):
        return growth_rate if layer > 1 else in_channels

    def shown(self, maps):
        return maps[-1]


@module.mistake(en="Every layer of the block widens what the next one sees; who sees those new maps here?",
                fa="هر لایهٔ بلوک دیدِ لایهٔ بعدی را گسترده‌تر می‌کند؛ اینجا چه کسی نقشه‌های تازه را می‌بیند؟",
                source=DENSENET)
class module_every_layer_sees_the_block_input(_DenseBlock):
    def sees(self, in_channels, growth_rate, layer):
        return in_channels

    def shown(self, maps):
        return maps[0]


@module.mistake(en="How do maps meet in a dense block, and how do they in a residual one?",
                fa="نقشه‌ها در بلوک چگال چگونه به هم می‌پیوندند و در بلوک باقی‌مانده‌ای چگونه؟",
                source=RESNET)
class module_maps_added_as_in_resnet(_DenseBlock):
    def layer(self, channels, growth_rate):
        return super().layer(self.in_channels, self.in_channels)

    def shown(self, maps):
        return sum(maps)

    def returned(self, maps):
        return sum(maps)
