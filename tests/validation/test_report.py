"""The report of a validation, as text and as rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithiokg.errors import Place
from lithiokg.validation import Finding, Report, Severity

ERROR = Finding(
    severity=Severity.ERROR,
    shape="https://w3id.org/lithiokg/shape/design-evidence",
    rule="A design rests on evidence.",
    mend="Add evidence.",
    node="https://w3id.org/lithiokg/id/design/a",
    label="design a",
    place=Place("data/b.yaml", 12, 3),
)
OTHER = replace(ERROR, node=ERROR.node + "b", label="design b", place=Place("data/a.yaml", 7, 3))
LARGE = Finding(
    severity=Severity.ERROR,
    shape="https://w3id.org/lithiokg/shape/quantity-too-large",
    rule="The coulombic efficiency is never above 100 %; 104 is.",
    mend="Check the figure.",
    node="https://w3id.org/lithiokg/id/design/a/observations/x/result",
    label="design a, observations, x, result",
    path="https://w3id.org/lithiokg/value",
    value="104",
    place=Place("data/b.yaml", 20, 15),
)
WARNING = replace(
    ERROR,
    severity=Severity.WARNING,
    shape="https://w3id.org/lithiokg/shape/full-cell-cathode",
    rule="A full cell names its cathode material.",
    mend="Add cathode.",
    label="Li|LFP",
    place=None,
)


def test_the_text_groups_findings_by_rule_with_place_record_value_rule_and_mend():
    larger = replace(
        LARGE, rule=LARGE.rule.replace("104", "105"), value="105", place=Place("data/b.yaml", 21, 15)
    )
    report = Report([ERROR, LARGE, larger, WARNING, OTHER])
    assert report.as_text() == (
        "design-evidence: 2 errors\n"
        "  data/a.yaml:7:3   design b\n"
        "  data/b.yaml:12:3  design a\n"
        "  rule: A design rests on evidence.\n"
        "  mend: Add evidence.\n"
        "\n"
        "quantity-too-large: 2 errors\n"
        "  data/b.yaml:20:15  design a, observations, x, result  104\n"
        "      The coulombic efficiency is never above 100 %; 104 is.\n"
        "  data/b.yaml:21:15  design a, observations, x, result  105\n"
        "      The coulombic efficiency is never above 100 %; 105 is.\n"
        "  mend: Check the figure.\n"
        "\n"
        "full-cell-cathode: 1 warning\n"
        "  Li|LFP\n"
        "  rule: A full cell names its cathode material.\n"
        "  mend: Add cathode.\n"
        "\n"
        "4 errors, 1 warning."
    )


def test_errors_come_before_warnings_whatever_their_lines():
    early = replace(WARNING, place=Place("data/a.yaml", 1, 1))
    assert Report([ERROR, early]).as_text().startswith("design-evidence")


def test_findings_without_a_place_come_last():
    assert Report([WARNING, ERROR]).findings == (ERROR, WARNING)


def test_lines_are_ordered_as_numbers():
    late = replace(OTHER, place=Place("data/a.yaml", 10, 1))
    assert Report([late, OTHER]).findings == (OTHER, late)


def test_the_same_finding_is_reported_once():
    assert len(Report([ERROR, ERROR]).findings) == 1


@pytest.mark.parametrize(
    ("findings", "conforms"), [([], True), ([WARNING], True), ([ERROR], False), ([WARNING, ERROR], False)]
)
def test_warnings_do_not_keep_a_graph_from_conforming(findings, conforms):
    assert Report(findings).conforms is conforms


def test_errors_and_warnings_are_told_apart():
    report = Report([ERROR, WARNING])
    assert report.errors == (ERROR,)
    assert report.warnings == (WARNING,)


def test_rows_hold_plain_values_with_file_line_and_column():
    assert Report([LARGE]).as_dicts() == [
        {
            "severity": "error",
            "name": "quantity-too-large",
            "rule": "The coulombic efficiency is never above 100 %; 104 is.",
            "mend": "Check the figure.",
            "record": "https://w3id.org/lithiokg/id/design/a/observations/x/result",
            "label": "design a, observations, x, result",
            "path": "https://w3id.org/lithiokg/value",
            "value": "104",
            "file": "data/b.yaml",
            "line": 20,
            "column": 15,
            "shape": "https://w3id.org/lithiokg/shape/quantity-too-large",
        }
    ]


def test_a_finding_without_a_place_has_empty_columns():
    row = Report([WARNING]).as_dicts()[0]
    assert (row["file"], row["line"], row["column"], row["value"]) == (None, None, None, None)
