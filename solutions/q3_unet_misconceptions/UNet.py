"""Wrong U-Nets, each the right one with a choice changed."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

from autograder.course.mistakes import mistakes
from solutions import q3_unet as right
from solutions.q3_unet_misconceptions import CHECKERBOARD, DETACH, LOSS, MODULES, NORM, SIGMOID_LOSS, UNET

model = mistakes(of=right.UNet)


class _UNet(nn.Module):
    """The U-Net with padded convolutions, each of its choices open to change."""

    joined, convs, fewer, bias = 2, 2, 0, True  # halves that the decoder sees; convolutions a level; levels left out
    norm, activation, last = staticmethod(lambda channels: nn.Identity()), nn.ReLU, nn.Identity

    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__()
        with torch.device("meta"):
            right.UNet(in_channels, num_classes, base_channels, levels)  # refuses what the reference refuses
        widths = [base_channels * 2**level for level in range(levels + 1 - self.fewer)]
        down = [self.stage(i, o) for i, o in zip([in_channels, *widths], widths, strict=False)]
        pairs = list(pairwise(widths))[::-1]
        self.down = self.hold(down)
        self.ups = self.hold([self.up(wide, narrow) for narrow, wide in pairs])
        self.decoders = self.hold([self.stage(self.joined * narrow, narrow) for narrow, _ in pairs])
        self.pool = self.pooling()
        self.final = nn.Conv2d(base_channels, num_classes, 1)
        self.after = self.last()

    def stage(self, in_channels, out_channels):
        layers: list[nn.Module] = []
        for conv in range(self.convs):
            layers += [nn.Conv2d(out_channels if conv else in_channels, out_channels, 3, padding=1, bias=self.bias)]
            layers += [self.norm(out_channels), self.activation()]
        return nn.Sequential(*layers)

    def up(self, wide, narrow):
        return nn.ConvTranspose2d(wide, narrow, 2, stride=2)

    def pooling(self):
        return nn.MaxPool2d(2)

    def hold(self, layers):
        return nn.ModuleList(layers)

    def join(self, skip, maps):
        return torch.cat([skip, maps], dim=1)

    def forward(self, images):
        skips = []
        for level, convs in enumerate(self.down):
            images = convs(self.pool(images) if level else images)
            skips.append(images)
        for up, decoder, skip in zip(self.ups, self.decoders, skips[-2::-1], strict=True):
            images = decoder(self.join(skip, up(images)))
        return self.after(self.final(images))


def _enlarged(self, wide, narrow):
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(wide, narrow, 1))



# Skips that are added and skips that are left out have weights of the same shapes, which are not the right one's.
model.variant("model_skips_not_concatenated", _UNet, UNET, joined=1, join=lambda self, skip, maps: skip + maps,
    en="How many maps does the decoder's first convolution see once a skip's maps are set beside those that come up?",
    fa="وقتی نقشه‌های اتصال پرشی کنار نقشه‌های بالاآمده گذاشته می‌شوند، نخستین پیچشِ رمزگشا چند نقشه می‌بیند؟")
model.variant("model_skips_detached", _UNet, DETACH, join=lambda self, skip, maps: torch.cat([skip.detach(), maps], dim=1),
    en="Is anything learnt back through the skip, or does it only carry values forward?",
    fa="آیا از راه اتصال پرشی چیزی به عقب هم آموخته می‌شود یا تنها مقدارها را به جلو می‌برد؟")
model.variant("model_map_joined_with_itself", _UNet, UNET, join=lambda self, skip, maps: torch.cat([maps, maps], dim=1),
    en="What does the skip bring that the enlarged map does not have already?",
    fa="اتصال پرشی چه چیزی می‌آورد که نقشهٔ بزرگ‌شده از پیش ندارد؟")
model.variant("model_skip_behind_the_map", _UNet, join=lambda self, skip, maps: torch.cat([maps, skip], dim=1),
    en="Of the skip and the map that comes up, which does the task put first?",
    fa="از میان اتصال پرشی و نقشه‌ای که بالا می‌آید، تمرین کدام را نخست می‌گذارد؟")
# Whichever way it interpolates: the convolution behind it has a kernel of one, as no up-convolution has.
model.variant("model_upsampling_without_weights", _UNet, CHECKERBOARD, up=_enlarged,
    en="Is the enlarging asked here a fixed interpolation, or does it have weights to learn?",
    fa="بزرگ‌نماییِ خواسته‌شده در اینجا درون‌یابی ثابت است یا وزن‌هایی برای یادگیری دارد؟")
model.variant("model_overlapping_up_convolution", _UNet, CHECKERBOARD, up=lambda self, w, n: nn.ConvTranspose2d(w, n, 3, 2, padding=1, output_padding=1),
    en="How large must the up-convolution's kernel be if the squares that it paints are to touch without overlapping?",
    fa="هستهٔ پیچشِ بالابر چه اندازه باشد تا مربع‌هایی که می‌سازد به هم برسند و روی هم نیفتند؟")
model.variant("model_relu_missing", _UNet, UNET, activation=nn.Identity,
    en="What turns the chain of convolutions at each level into more than one linear map?",
    fa="در هر سطح چه چیزی زنجیرهٔ پیچش‌ها را از یک نگاشت خطی فراتر می‌برد؟")
model.variant("model_one_conv_a_level", _UNet, UNET, convs=1,
    en="How many convolutions belong to each level?", fa="هر سطح چند پیچش دارد؟")
model.variant("model_one_level_too_few", _UNet, UNET, fewer=1,
    en="After how many halvings should the bottom be reached?", fa="پس از چند بار نصف شدن باید به کف رسید؟")
model.variant("model_batch_norm_added", _UNet, NORM, norm=nn.BatchNorm2d,
    en="Was a normalisation asked for behind the convolutions?", fa="آیا پس از پیچش‌ها نرمال‌سازی خواسته شده بود؟")
model.variant("model_average_pooling", _UNet, UNET, pooling=lambda self: nn.AvgPool2d(2),
    en="Which pooling does the encoder use to halve its maps?", fa="رمزگذار با کدام ادغام نقشه‌هایش را نصف می‌کند؟")
model.variant("model_softmax_after_logits", _UNet, LOSS, last=staticmethod(lambda: nn.Softmax(dim=1)),
    en="Who turns a pixel's scores into probabilities, the network or its loss?",
    fa="چه چیزی امتیازهای هر پیکسل را به احتمال تبدیل می‌کند: شبکه یا تابع زیان؟")
model.variant("model_sigmoid_after_logits", _UNet, SIGMOID_LOSS, last=nn.Sigmoid,
    en="Should the network already squeeze its scores, when the loss can do so more safely?",
    fa="آیا خود شبکه باید امتیازها را فشرده کند، در حالی که تابع زیان این کار را مطمئن‌تر انجام می‌دهد؟")
model.variant("model_relu_after_logits", _UNet, UNET, last=nn.ReLU,
    en="What happens to a pixel's negative score behind your last layer?",
    fa="امتیاز منفیِ یک پیکسل پس از آخرین لایهٔ شما چه می‌شود؟")
model.variant("model_layers_in_a_plain_list", _UNet, MODULES, hold=lambda self, layers: layers,
    en="Which kind of list makes its layers known to the module that holds it?",
    fa="کدام نوع فهرست، لایه‌هایش را به ماژولی که آن را نگه می‌دارد می‌شناساند؟")
model.variant("model_bias_missing", _UNet, UNET, bias=False,
    en="Besides its weights, what does each filter of a level's convolutions learn here?",
    fa="اینجا هر فیلتر پیچش‌های یک سطح، جز وزن‌هایش، چه چیزی یاد می‌گیرد؟")
model.variant("model_relu_after_the_up_convolution", _UNet, UNET,
    up=lambda self, wide, narrow: nn.Sequential(nn.ConvTranspose2d(wide, narrow, 2, stride=2), nn.ReLU()),
    en="What stands between the up-convolution and the concatenation?",
    fa="میان پیچشِ بالابر و الحاق چه چیزی قرار دارد؟")
model.variant("model_leaky_relu", _UNet, UNET, activation=nn.LeakyReLU,
    en="What does the asked activation make of a negative value?",
    fa="تابع فعال‌سازیِ خواسته‌شده با مقدار منفی چه می‌کند؟")


@model.mistake(en="Do the convolutions of this U-Net keep the size of their maps?",
               fa="آیا پیچش‌های این U-Net اندازهٔ نقشه‌ها را نگه می‌دارند؟",
               source=UNET)
class model_unpadded_and_cropped(_UNet):
    def stage(self, in_channels, out_channels):
        layers = super().stage(in_channels, out_channels)
        for layer in layers:
            if isinstance(layer, nn.Conv2d):
                layer.padding = (0, 0)
        return layers

    def join(self, skip, maps):
        top, left = ((s - m) // 2 for s, m in zip(skip.shape[2:], maps.shape[2:], strict=True))
        return torch.cat([skip[:, :, top : top + maps.shape[2], left : left + maps.shape[3]], maps], dim=1)
