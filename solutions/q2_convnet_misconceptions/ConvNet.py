"""Wrong networks for question 2, each the right one with a choice changed."""

from __future__ import annotations

import torch
from torch import nn

from autograder.course.mistakes import mistakes
from solutions import q2_convnet as right
from solutions.q2_convnet_misconceptions import CONV, CS231N, FLATTEN, LOSS, MODULES, NETWORK_IN_NETWORK, NORM, POOL

net = mistakes(of=right.ConvNet)


class _ConvNet(nn.Module):
    """The network of question 2 for images of 128×128, each of its choices open to change."""

    blocks, padding, bias = 3, 2, True
    norm, activation, pool, last = nn.Identity, nn.ReLU, nn.MaxPool2d, nn.Identity

    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__()
        with torch.device("meta"):
            right.ConvNet(num_classes, pooling)  # refuses what the reference refuses
        self.pooling, layers = pooling, []
        for block in range(self.blocks):
            layers += [self.conv(block), self.norm(), self.activation(), self.pool(2)]
        self.features = self.hold(layers)
        self.head = nn.Linear(self.values(), num_classes)
        self.after = self.last()

    def conv(self, block):
        return nn.Conv2d(3 if block == 0 else 16, 16, 5, padding=self.padding, bias=self.bias)

    def hold(self, layers):
        return nn.Sequential(*layers)

    def values(self):
        """What reaches the linear layer."""
        return 16 * (128 // 2**self.blocks) ** 2 if self.pooling == "flatten" else 16

    def flat(self, maps):
        return maps.flatten(1)

    def mean(self, maps):
        return maps.mean((2, 3))

    def forward(self, images):
        for layer in self.features:
            images = layer(images)
        return self.after(self.head(self.flat(images) if self.pooling == "flatten" else self.mean(images)))


net.variant("net_softmax_after_logits", _ConvNet, LOSS, last=staticmethod(lambda: nn.Softmax(dim=1)),
    en="Does the loss expect probabilities, or does it turn scores into probabilities by itself?",
    fa="تابع زیان احتمال می‌خواهد یا خودش امتیازها را به احتمال تبدیل می‌کند؟")
net.variant("net_log_softmax_after_logits", _ConvNet, LOSS, last=staticmethod(lambda: nn.LogSoftmax(dim=1)),
    en="Which loss wants logarithms of probabilities, and which wants plain scores?",
    fa="کدام تابع زیان لگاریتم احتمال می‌خواهد و کدام امتیاز خام؟")
net.variant("net_relu_after_logits", _ConvNet, LOSS, last=nn.ReLU,
    en="May a class have a negative score, and what would become of it behind your last layer?",
    fa="آیا امتیاز یک کلاس می‌تواند منفی باشد و پس از آخرین لایهٔ شما چه بر سر آن می‌آید؟")
net.variant("net_layers_in_a_plain_list", _ConvNet, MODULES, unregistered=True, hold=lambda self, layers: layers,
    en="How does a module learn of layers that are kept in an ordinary Python list?",
    fa="اگر لایه‌ها در فهرست معمولی پایتون نگه داشته شوند، ماژول چگونه از آن‌ها باخبر می‌شود؟")
net.variant("net_relu_missing", _ConvNet, CS231N, activation=nn.Identity,
    en="What stands between two convolutions that keeps them from being one?",
    fa="میان دو پیچش چه چیزی هست که نمی‌گذارد هر دو یکی شوند؟")
net.variant("net_average_pooling", _ConvNet, POOL, pool=nn.AvgPool2d,
    en="Which value of each window does the asked pooling keep?",
    fa="ادغامِ خواسته‌شده کدام مقدارِ هر پنجره را نگه می‌دارد؟")
net.variant("net_padding_missing", _ConvNet, CONV, padding=0, values=lambda self: 16 * 12 * 12 if self.pooling == "flatten" else 16,
    en="Which size should a map have after each of these convolutions, before pooling?",
    fa="نقشه پس از هر یک از این پیچش‌ها و پیش از ادغام باید چه اندازه‌ای داشته باشد؟")
net.variant("net_one_block_too_few", _ConvNet, blocks=2,
    en="How many times is the block of convolution, ReLU and pooling asked?",
    fa="بلوکِ پیچش و ReLU و ادغام چند بار خواسته شده است؟")
net.variant("net_batch_norm_added", _ConvNet, NORM, norm=staticmethod(lambda: nn.BatchNorm2d(16)),
    en="Which layers were asked, and which have you added of your own accord?",
    fa="کدام لایه‌ها خواسته شده بود و کدام‌ها را خودتان افزوده‌اید؟")
net.variant("net_conv_bias_missing", _ConvNet, CONV, bias=False,
    en="What does each filter add to its sum?", fa="هر فیلتر به حاصل‌جمع خود چه می‌افزاید؟")
net.variant("net_global_maximum", _ConvNet, NETWORK_IN_NETWORK, mean=lambda self, maps: maps.amax((2, 3)),
    en="Is it the mean of each map that is asked, or its peak?", fa="آیا میانگین هر نقشه خواسته شده است یا بیشینهٔ آن؟")
net.variant("net_batch_flattened_too", _ConvNet, FLATTEN, flat=lambda self, maps: torch.flatten(maps),
    en="Which dimension of a batch must flattening leave alone?", fa="تخت کردن کدام بُعدِ دسته را نباید دست بزند؟")


@net.mistake(en="Are the three convolutions three layers, or one layer that is used again?",
             fa="سه پیچش سه لایهٔ جدا هستند یا یک لایه که دوباره به کار می‌رود؟")
class net_one_conv_used_again(_ConvNet):
    def conv(self, block):
        if block < 2:
            self._again = [super().conv(block)]
        return self._again[0]


@net.mistake(en="What should the network do with each map when it is asked for global average pooling?",
             fa="وقتی ادغام میانگین سراسری خواسته می‌شود، شبکه باید با هر نقشه چه کند؟",
             source=NETWORK_IN_NETWORK)
class net_average_forgotten(_ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, "flatten" if pooling == "gap" else pooling)


@net.mistake(en="Along which axes is the global mean taken, and what is left of the maps?",
             fa="میانگین سراسری در راستای کدام محورها گرفته می‌شود و از نقشه‌ها چه می‌ماند؟",
             source=NETWORK_IN_NETWORK)
class net_average_over_channels(_ConvNet):
    def values(self):
        return 16 * 16 * (16 if self.pooling == "flatten" else 1)

    def mean(self, maps):
        return maps.mean(1).flatten(1)


@net.mistake(en="Can a network be trained on the name of the winning class, or does it need every class's score?",
             fa="آیا شبکه را می‌توان با نام کلاس برنده آموزش داد یا امتیاز همهٔ کلاس‌ها لازم است؟",
             source=LOSS)
class net_winner_instead_of_scores(_ConvNet):
    def forward(self, images):
        return super().forward(images).argmax(1)


@net.mistake(en="Which of the two heads does this network use, and what is the other one for?",
             fa="این شبکه کدام‌یک از دو سر را به کار می‌برد و سر دیگر به چه کار می‌آید؟")
class net_both_heads_built(_ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, pooling)
        self.unused = nn.Linear(16 if pooling == "flatten" else 4096, num_classes)
