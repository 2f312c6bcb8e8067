"""The run as a JUnit file, which build servers show case by case."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from assistant.evaluate.judgement import judge
from assistant.evaluate.outcomes import Outcome

# XML 1.0 has no way to write these, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(outcomes: Sequence[Outcome], name: str) -> str:
    """A suite with one test a case; a case graded bad is a failure, one that raised an error is an error."""
    suite = ElementTree.Element("testsuite", name=_clean(name), tests=str(len(outcomes)))
    failures = errors = 0
    for outcome in outcomes:
        seconds = outcome.milliseconds.get("total", outcome.milliseconds.get("verify", 0.0)) / 1000
        test = ElementTree.SubElement(
            suite, "testcase", classname=_clean(outcome.kind or name), name=_clean(outcome.id), time=f"{seconds:.3f}"
        )
        grade, reasons = judge(outcome)
        if outcome.error:
            errors += 1
            ElementTree.SubElement(test, "error", message=_clean(outcome.error))
        elif grade == "bad":
            failures += 1
            failure = ElementTree.SubElement(test, "failure", message=_clean(reasons[0]))
            failure.text = _clean("\n".join((outcome.question, *reasons)))
        elif grade == "mixed":
            ElementTree.SubElement(test, "system-out").text = _clean("\n".join(reasons))
    suite.set("failures", str(failures))
    suite.set("errors", str(errors))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
