"""The public tests of the homework: each idea that the handout asks has a case that a wrong idea fails."""

import json
import re
import subprocess
import sys
import zipfile

import pytest

from tests.engine.toy_course import REPOSITORY

STEMS = ("q1_equivalence", "q2_convnet", "q3_unet", "q4_densenet")
# What a wrong idea changes in the reference, and a public test that then fails.
IDEAS = {
    "input channels ignored": (
        "q2_convnet",
        "return outputs * (inputs // shared) * prod",
        "return outputs * prod",
        "test_conv2d_parameters",
    ),
    "strides not multiplied": ("q2_convnet", "jump[axis] *= strides[axis]", "pass", "test_receptive_field_of_two_layers"),
    "padding forgotten": (
        "q2_convnet",
        '"kernel_size stride padding dilation"',
        '"kernel_size stride"',
        "of_two_convolutions",
    ),
    "average pooling in ConvNet": ("q2_convnet", "nn.MaxPool2d(2)", "nn.AvgPool2d(2)", "test_convnet_on_an_image"),
    "softmax in evaluation": (
        "q2_convnet",
        "return self.head(self.features(x))",
        "x = self.head(self.features(x))\n        return x if self.training else x.softmax(dim=1)",
        "test_convnet_gives_scores_as_they_are",
    ),
    "both heads are there": (
        "q2_convnet",
        "squeeze = nn.Identity()",
        "self.other = nn.Linear(16 if pooling == 'flatten' else 4096, num_classes)\n        squeeze = nn.Identity()",
        "test_convnet_has_the_head_that_is_asked_for",
    ),
    "halved once for all": (
        "q3_unet",
        "(size >> whole(levels) for size",
        "(size // (2 * whole(levels)) for size",
        "test_bottleneck_shape",
    ),
    "skips in the order they came": ("q3_unet", "skips.pop()", "skips.pop(0)", "test_unet_of_three_levels"),
    "average pooling in UNet": ("q3_unet", "functional.max_pool2d", "functional.avg_pool2d", "test_unet_on_an_image"),
    "each layer sees the input alone": (
        "q4_densenet",
        "            x = torch.cat([x, layer(x)], dim=1)\n        return x",
        "            new = layer(x[:, : layer[0].num_features])\n            x = torch.cat([x, new], dim=1)\n        return x",
        "",
    ),
}


def ran(folder, sources):
    """pytest in a copy of the template with these sources: the failed tests by name, and all that was printed."""
    template = REPOSITORY / "student_template"
    for path in template.rglob("*"):
        if path.is_file() and path.suffix in (".py", ".ini", ".json", ".toml", ".md") and "handout" not in path.parts:
            (folder / path.relative_to(template)).parent.mkdir(parents=True, exist_ok=True)
            (folder / path.relative_to(template)).write_bytes(path.read_bytes())
    for name, source in sources.items():
        (folder / name).write_text(source, "utf-8")
    command = [sys.executable, "-m", "pytest", "-rfs", "-p", "no:xdist", "-p", "no:randomly"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    return re.findall(r"^FAILED \S+::(\w+)", done.stdout, re.MULTILINE), done.stdout


def solutions() -> dict[str, str]:
    """The reference as a student would hand it in: the files import each other from their own folder."""
    texts = {f"{stem}.py": (REPOSITORY / "solutions" / f"{stem}.py").read_text("utf-8") for stem in STEMS}
    checks = (REPOSITORY / "solutions" / "_checks.py").read_text("utf-8")
    texts["_checks.py"] = checks
    return {
        name: re.sub(r"from solutions(\.| import )", lambda m: "from " if m[1] == "." else "import ", text)
        for name, text in texts.items()
    }


@pytest.fixture(scope="module")
def wrong(tmp_path_factory):
    """All wrong ideas at once, each in its own function, and what failed."""
    texts = solutions()
    for name, (stem, right, instead, _) in IDEAS.items():
        assert texts[f"{stem}.py"].count(right) == 1, name
        texts[f"{stem}.py"] = texts[f"{stem}.py"].replace(right, instead)
    dense = "inputs = [dense_layer_input_channels(in_channels, growth_rate, number) for number in numbers]"
    assert dense in texts["q4_densenet.py"]
    texts["q4_densenet.py"] = texts["q4_densenet.py"].replace(dense, "inputs = [in_channels for number in numbers]")
    return ran(tmp_path_factory.mktemp("wrong"), texts)


def test_the_reference_passes_every_public_test(tmp_path):
    failed, said = ran(tmp_path, solutions())
    assert failed == [] and "passed" in said, said


@pytest.mark.parametrize("idea", IDEAS)
def test_a_wrong_idea_fails_a_public_test(wrong, idea):
    failed, said = wrong
    test = IDEAS[idea][3] or "test_the_second_layer_sees"
    assert any(test in name for name in failed), said


def test_what_would_be_lost_is_said(tmp_path):
    texts = solutions()
    texts["q1_equivalence.py"] += "\n\nimport sklearn\n\n\ndef linear_parameters():\n    raise NotImplementedError\n"
    texts["answers.toml"] = "[q2]\ngap_totals_parameters = 1386\nflatten_head_parameters = 40970\n"
    texts["written.md"] = "## w1\n\nA kernel as large as its input.\n"
    _, said = ran(tmp_path, texts)
    assert "Numbers: 1 of 18 are filled in." in said
    assert (
        "q2.gap_totals_parameters is not a question of this homework and would not count. Did you mean q2.gap_total_parameters?"
        in said
    )
    assert re.search(
        r"q1_equivalence.py defines linear_parameters twice, in lines \d+ and \d+; only the last one counts", said
    )
    assert "sklearn will not be available when this is graded" in said
    assert "w1: 7 words were found." in said and "w2: no text was found." in said
    assert "\x1b[" not in said


@pytest.mark.thorough
def test_a_loop_and_a_failed_import_are_said_shortly_and_cost_no_answer_that_is_there(tmp_path):
    texts = solutions()
    texts["q3_unet.py"] = "import numpy\nimport sklearn_of_no_one\n"
    texts["answers.toml"] = "[q2]\nfirst_conv_output_values = 262,144\n[q3]\nsecond_level_parameters = 221440\n"
    texts["q4_densenet.py"] = "def dense_layer_input_channels(*args, **kwargs):\n    while True:\n        pass\n"
    conftest = (REPOSITORY / "student_template" / "tests" / "conftest.py").read_text("utf-8")
    assert "TEST_SECONDS = 20" in conftest
    texts["tests/conftest.py"] = conftest.replace("TEST_SECONDS = 20", "TEST_SECONDS = 2")
    failed, said = ran(tmp_path, texts)
    assert "test_dense_layer_input_channels" in failed and "did not end within 2 s" in said
    assert (
        "q3_unet.py, line 2: ModuleNotFoundError: No module named 'sklearn_of_no_one'" in said and "_bootstrap" not in said
    )
    assert "test_unet" in failed and not [name for name in failed if name.endswith("_answer")]
    assert "its form is right; to compare it, q3_unet.py is needed" in said
    assert "its form is right; to compare it, q2.first_conv_output_shape is needed" in said


@pytest.mark.parametrize(
    "value", ["[np.int64(16), 128, 128.0]", pytest.param("np.array([16, 128, 128])", marks=pytest.mark.thorough)]
)
def test_a_notebook_accepts_the_forms_that_the_marker_accepts(value):
    code = (
        "import numpy as np, sys; sys.path.insert(0, 'student_template/tests'); import in_notebook\n"
        f"print(in_notebook.check('q2', {{'answers': {{'q2.first_conv_output_shape': {value}, 'q2.first_conv_output_values': 262144}}}}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=300)
    assert "test_first_conv_output_values_answer" not in done.stdout and "✗" not in done.stdout, done.stdout + done.stderr


@pytest.mark.thorough
def test_on_colab_the_first_cell_takes_the_tests_out_of_the_zip(tmp_path):
    """Colab's layout: the notebook's folder is empty but for what was dropped into the pane Files."""
    template = REPOSITORY / "student_template"
    with zipfile.ZipFile(tmp_path / "hw3.zip", "w") as archive:
        for path in template.rglob("*"):
            if path.is_file():
                archive.write(path, f"hw3/{path.relative_to(template)}")
    notebook = json.loads((template / "hw3.ipynb").read_text("utf-8"))
    start = next("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    code = f"{start}\nanswers['q2.gap_totals_parameters'] = 1\nprint(grader.check('q2'))\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert "Did you mean q2.gap_total_parameters?" in done.stdout, done.stdout + done.stderr
    assert "test_convnet: not attempted yet" in done.stdout
