"""The handout is read by its headings; what is missing in a language is named with its file."""

from types import SimpleNamespace

import pytest

from autograder.course import handout
from autograder.course.question import Question
from autograder.course.variants import Parameters
from autograder.errors import ConvgradeError
from autograder.model import Part, Text

TEXT = """# Question 1: boxes

Sizes are in pixels.

## Numbers

Whole numbers alone.

### `q1.area`

How many pixels has
{{ side }}×{{ side }}?

## Code

### `area`

The pixels of an image.

### `w1`
"""
PERSIAN = '<div dir="rtl" lang="fa">\n\n# پرسش ۱\n\n### `q1.area`\n\n{{ side }} یا `{{ side }}`؟\n\n### `area`\n\nمساحت.\n\n</div>\n'
POOL = "parameters:\n  side: [10, 12]\nvariants:\n  - {side: 10}\n  - {side: 12}\n"


@pytest.fixture
def question(tmp_path):
    (tmp_path / "assignment").mkdir()
    question = Question(tmp_path, "q1_box")
    question.path("handout", "en").write_text(TEXT, "utf-8")
    question.path("handout", "fa").write_text(PERSIAN, "utf-8")
    question.path("variants").write_text(POOL, "utf-8")
    return question


FENCED = """# Boxes

### `area`

```python
# Title
## Section
### `volume`
</div>
```

~~~text
## Another
~~~

### `volume`

Its cube.
"""


def test_what_stands_in_a_block_of_code_is_no_heading(question):
    question.path("handout", "en").write_text(FENCED, "utf-8")
    read = handout.read(question, "en")
    assert read.title == "Boxes" and not read.sections and read.statements["volume"] == "Its cube."
    assert read.statements["area"] == FENCED.partition("`area`\n")[2].partition("\n### `volume`\n\n")[0].strip()
    assert handout.without_direction(FENCED) == FENCED.rstrip()
    question.path("handout", "en").write_text(FENCED.replace("### `volume`\n<", "### `w2`\n<"), "utf-8")
    assert question.written_names == ()


def course(question, *parts):
    return SimpleNamespace(questions=(question,), parts=tuple(Part(id, 100) for id in parts))


def test_a_handout_is_its_title_its_introduction_and_its_statements_by_section(question):
    read = handout.read(question, "en")
    assert (read.title, read.introduction) == ("Question 1: boxes", "Sizes are in pixels.")
    assert read.statements == {"q1.area": "How many pixels has\n10×10?", "area": "The pixels of an image.", "w1": ""}
    assert [(one.heading, one.words, one.keys) for one in read.sections] == [
        ("Numbers", "Whole numbers alone.", ("q1.area",)),
        ("Code", "", ("area", "w1")),
    ]


def test_the_block_of_a_direction_belongs_to_no_statement_and_digits_are_the_texts(question):
    read = handout.read(question, "fa")
    assert read.title == "پرسش ۱" and read.statements == {"q1.area": "۱۰ یا `10`؟", "area": "مساحت."}


def test_each_variant_has_its_own_numbers_and_others_can_be_tried(question):
    assert "12×12" in handout.read(question, "en", 2).statements["q1.area"]
    assert "7×7" in handout.read_with(question, "en", Parameters({"side": 7})).statements["q1.area"]
    with pytest.raises(IndexError):
        handout.text(question, "en", 3)


def test_statements_are_by_part_in_both_languages(question):
    assert handout.statements(course(question, "q1.numbers.area", "q1.code.area")) == {
        "q1.numbers.area": Text("How many pixels has\n10×10?", "۱۰ یا `10`؟"),
        "q1.code.area": Text("The pixels of an image.", "مساحت."),
    }
    assert handout.titles(course(question)) == {"q1": Text("Question 1: boxes", "پرسش ۱")}


@pytest.mark.parametrize(("part", "key", "language"), [("q1.code.volume", "volume", "en"), ("q1.written.w1", "w1", "en")])
def test_a_part_without_a_statement_is_named_with_its_file(question, part, key, language):
    with pytest.raises(ConvgradeError, match=f"{part} has no statement") as caught:
        handout.statements(course(question, part))
    assert caught.value.where == str(question.path("handout", language)) and f"### `{key}`" in caught.value.todo


def test_a_statement_that_one_language_lacks_is_that_files(question):
    question.path("handout", "fa").write_text(PERSIAN.replace("### `area`", "### `areas`"), "utf-8")
    with pytest.raises(ConvgradeError) as caught:
        handout.statements(course(question, "q1.code.area"))
    assert caught.value.where == str(question.path("handout", "fa"))


def test_a_handout_without_a_title_is_named(question):
    question.path("handout", "en").write_text("## Numbers\n", "utf-8")
    with pytest.raises(ConvgradeError, match="no title") as caught:
        handout.read(question, "en")
    assert caught.value.where.endswith("q1_box.en.md:1")


def test_a_page_sets_its_own_direction():
    assert handout.without_direction('<div dir="ltr">\na\n</div>\n <div dir="rtl" lang="fa"> \nb</div>') == "a\nb</div>"
    assert handout.directed(" سلام ", "fa") == '<div dir="rtl" lang="fa">\n\nسلام\n\n</div>'
    assert handout.directed(" hello ", "en") == "hello" and handout.shown("hello", "en") == "hello"
