"""Wrong sizes of a convolution's output: s size, k kernel, t stride, p padding, d dilation, e the dilated kernel's width."""

from autograder.course.mistakes import mistakes
from solutions import q2_convnet as right
from solutions.q2_convnet_misconceptions import ARITHMETIC, CONV, CS231N, TRANSPOSED

size = mistakes(of=right.conv2d_output_size, per="axis",
                s="size", k="kernel_size", t="stride", p="padding", d="dilation", e="d·(k − 1) + 1")

size("size_kernel_not_less_one", "(s + 2·p − d·k − 1)/t + 1", CONV,
    en="In how many places can a kernel stand whose width is that of the whole image?",
    fa="هسته‌ای که پهنایش برابر پهنای کل تصویر است، در چند جا می‌تواند بایستد؟")
size("size_first_place_forgotten", "(s + 2·p − e)/t", CS231N,
    en="After the kernel's last possible step is counted, which place has not been counted yet?",
    fa="وقتی همهٔ گام‌های ممکنِ هسته شمرده شد، کدام جایگاه هنوز شمرده نشده است؟")
size("size_padding_ignored", "(s − e)/t + 1", CS231N,
    en="How large is the image once zeros have been put round it?",
    fa="پس از آنکه دور تصویر صفر گذاشته شد، تصویر چه اندازه‌ای دارد؟")
size("size_padding_on_one_side", "(s + p − e)/t + 1", CONV,
    en="At how many ends of a row does padding put its zeros?", fa="پدگذاری (padding) صفرها را در چند سرِ هر سطر می‌گذارد؟")
size("size_always_same", "⌈s/t⌉", CONV,
    en="Does every convolution keep the size of its input, or only one whose padding makes up for its kernel?",
    fa="آیا هر پیچشی اندازهٔ ورودی را نگه می‌دارد یا تنها آن‌که پدگذاری‌اش با هسته‌اش جور باشد؟")
size("size_rounded_up", "⌈(s + 2·p − e)/t⌉ + 1", CONV,
    en="What becomes of a last step that would carry the kernel over the edge?",
    fa="گام آخری که هسته را از لبه بیرون می‌برد چه می‌شود؟")
size("size_dilation_ignored", "(s + 2·p − k)/t + 1", ARITHMETIC,
    en="What lies between the weights of a dilated kernel, and how wide is it then?",
    fa="میان وزن‌های هستهٔ بازشده (dilated) چه چیزی قرار دارد و پهنای آن چقدر می‌شود؟")
size("size_dilated_kernel_k_times_d", "(s + 2·p − k·d)/t + 1", ARITHMETIC,
    en="Dilation widens the gaps between weights; how many gaps does a kernel have?",
    fa="بازشدن هسته (dilation) فاصله‌های میان وزن‌ها را بیشتر می‌کند؛ هسته چند فاصله دارد؟")
size("size_stride_ignored", "s + 2·p − e + 1", CS231N,
    en="How many pixels does the kernel pass over from one output to the next?",
    fa="هسته از یک خروجی تا خروجی بعدی از روی چند پیکسل می‌گذرد؟")
size("size_stride_divides_image_only", "s/t + 2·p − e + 1",
    en="Do you take the steps before or after the kernel's own width has been taken off?",
    fa="گام‌ها را پیش از کم کردن پهنای خودِ هسته حساب می‌کنید یا پس از آن؟")
size("size_height_and_width_swapped", "right₂ , right₁", CONV,
    en="Which comes first in torch's pairs, height or width?", fa="در جفت‌های torch نخست ارتفاع می‌آید یا پهنا؟")
size("size_taken_as_square", "right₁ , right₁",
    en="Must the image and the kernel be square?", fa="آیا تصویر و هسته باید مربع باشند؟")
size("size_transposed_formula", "(s − 1)·t − 2·p + e", TRANSPOSED,
    en="Which way does an ordinary convolution with a stride change the size, and which way a transposed one?",
    fa="پیچش معمولیِ گام‌دار اندازه را به کدام سو می‌برد و پیچش ترانهاده به کدام سو؟")
size("size_impossible_not_refused", "(s + 2·p − e)/max(t, 1) + 1", CONV, refuses=False,
    en="Where can a kernel stand that is larger than the padded image, and what does torch say of such a layer?",
    fa="هسته‌ای بزرگ‌تر از تصویرِ پدگذاری‌شده کجا می‌تواند بایستد و torch دربارهٔ چنین لایه‌ای چه می‌گوید؟")
size("size_with_batch_dimension", "1 , right₁ , right₂",
    en="What is asked: how the output is laid out in a batch, or its two sides?",
    fa="چه چیزی خواسته شده است: چینش خروجی در یک دسته یا دو ضلع آن؟")
size("size_divided_by_the_stride", "s/t", CONV,
    en="A row of odd length at a stride of two: does the last pixel get a place of its own, and who says that padding fits?",
    fa="در سطری با طول فرد و گام دو، آیا آخرین پیکسل هم جایگاهی می‌یابد و از کجا معلوم که پدگذاری با هسته جور است؟")
