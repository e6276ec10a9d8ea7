"""JUnit XML: a suite a submission, a case a part."""

from xml.etree import ElementTree as xml

from msgspec.structs import replace

from autograder import export
from autograder.model import Message, Outcome, PartResult
from tests.engine.export.made import PARTS, result


def test_junit_has_a_suite_a_submission_and_a_case_a_part(tmp_path, course):
    odd = result("سارا \x1b[31m\ufffe", 300, 0, 0, name="<Sara & co>")
    said = export.run("junit", [odd, result("ada", 300, 250, 2150)], course, tmp_path / "junit.xml")
    root = xml.parse(tmp_path / "junit.xml").getroot()
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors"), root.get("skipped")) == (
        "testsuites", "8", "1", "1", "2"
    )  # fmt: skip
    ada, sara = root.findall("testsuite")
    assert (ada.get("name"), ada.get("failures"), ada.get("errors"), ada.get("skipped")) == ("ada", "0", "0", "1")
    assert sara.get("name") == "سارا \ufffd"
    assert sara.find("properties/property[@name='student']").get("value") == "<Sara & co>"
    cases = {case.get("name"): case for case in sara.findall("testcase")}
    assert list(cases) == [part.id for part in PARTS]

    def told(name, key):
        return cases[name].find(f"properties/property[@name='{key}']").get("value")

    assert (told("q1.numbers.a", "points"), told("q1.numbers.a", "max_points")) == ("3.00", "3.00")
    assert cases["q1.numbers.a"].get("classname") == "q1.numbers"
    assert cases["q2.code.g"].find("error").get("type") == "timeout"
    assert "a deep <one>" in cases["q2.code.g"].find("error").text
    assert cases["q2.written.w1"].find("skipped") is not None
    assert any("Written answers" in line for line in said)


def test_what_could_not_be_graded_fails_and_what_two_claim_is_left_out(tmp_path, course):
    lost = replace(result("bob", 300, 250, 2150), status="not graded")
    lost = replace(lost, parts=tuple(replace(part, cents=0, outcome=Outcome.UNREAD) for part in lost.parts))
    twice = replace(
        result("cyd", 300, 250, 2150), messages=(Message("intake.same_name", {"claimed": "cyd", "others": "Cyd.zip"}),)
    )
    assert twice.contested
    export.run("junit", [lost, twice], course, tmp_path / "junit.xml")
    root = xml.parse(tmp_path / "junit.xml").getroot()
    assert [suite.get("name") for suite in root] == ["bob"]
    assert int(root.get("errors")) + int(root.get("failures")) == len(lost.parts)


def test_junit_says_why_a_part_is_skipped(tmp_path, course):
    one = result("ada", 300, 250, 2150)
    number = PartResult("q1.numbers.a", 300, None, Outcome.AWAITING, messages=(Message("variant.unknown"),))
    export.run("junit", [replace(one, parts=(number, *one.parts[1:]))], course, tmp_path / "junit.xml")
    skipped = {
        case.get("name"): case.find("skipped").get("message")
        for case in xml.parse(tmp_path / "junit.xml").iter("testcase")
        if case.find("skipped") is not None
    }
    assert "which variant of the sheet" in skipped["q1.numbers.a"] and "marking" not in skipped["q1.numbers.a"]
    assert skipped["q2.written.w1"] == "awaits marking by a person"
