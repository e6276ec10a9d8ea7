"""JUnit XML: one testsuite a submission, one testcase a part, points as properties of the testcase."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as xml

from autograder import files
from autograder.course.course import Course
from autograder.export.fill import score_messages
from autograder.model import Message, Outcome, PartResult, Result, points
from autograder.report.part_view import reasons
from autograder.text import clean, line
from autograder.words import say

ERRORS = (Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def export(results: Iterable[Result], course: Course, out: Path) -> list[Message]:
    """Write the parts of every submission to ``out``, but not of hand-ins that claim one student.

    A part that awaits a person is skipped, not failed; those of a submission that could not be graded are errors.
    """
    results = sorted(results, key=lambda result: result.id)
    suites = [_suite(result, course) for result in results if not result.contested]
    root = xml.Element("testsuites", {"name": _safe(course.config.title), **_totals(suites)})
    root.extend(suites)
    xml.indent(root)
    files.write(out, xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
    return score_messages(results)


def _suite(result: Result, course: Course) -> xml.Element:
    cases = [_case(part, course) for part in result.parts]
    counts = {name: str(sum(case.find(tag) is not None for case in cases)) for name, tag in _COUNTED.items()}
    suite = xml.Element("testsuite", {"name": _safe(result.id), "tests": str(len(cases)), **counts})
    values = {"status": result.status, "isolation": result.isolation}
    values |= {"points": points(result.cents), "max_points": points(result.max_cents)}
    suite.append(_properties(values | ({"student": result.name} if result.name else {})))
    suite.extend(cases)
    if result.messages:
        notes = xml.SubElement(suite, "system-out")
        notes.text = _safe("\n".join(say(message, "en") for message in result.messages))
    return suite


_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def _case(part: PartResult, course: Course) -> xml.Element:
    case = xml.Element("testcase", {"classname": f"{part.question}.{part.kind}", "name": part.id})
    scored = {} if part.cents is None else {"points": points(part.cents)}
    case.append(_properties({**scored, "max_points": points(part.max_cents), "outcome": part.outcome.value}))
    why = reasons(part, course.config.feedback, "en")
    if part.outcome is Outcome.AWAITING:
        waits = _safe(line(" ".join(why))) if part.withheld else "awaits marking by a person"
        xml.SubElement(case, "skipped", {"message": waits})
    elif part.outcome is not Outcome.PASSED:
        tag = "error" if part.outcome in ERRORS else "failure"
        ended = xml.SubElement(case, tag, {"type": part.outcome.value, "message": _safe(line(" ".join(why)))[:500]})
        ended.text = _safe("\n".join(why))
    return case


def _properties(values: dict[str, str]) -> xml.Element:
    properties = xml.Element("properties")
    for name, value in values.items():
        xml.SubElement(properties, "property", {"name": name, "value": _safe(value)})
    return properties


def _totals(suites: list[xml.Element]) -> dict[str, str]:
    return {name: str(sum(int(suite.get(name, 0)) for suite in suites)) for name in ("tests", *_COUNTED)}


def _safe(value: str) -> str:
    """Text that any reader of XML 1.0 takes: what the standard forbids is shown as a replacement character."""
    return _NO_XML.sub("\ufffd", clean(value))
