"""What pages say of marks, orders and fields, so that nobody has to guess."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_a_class_page_explains_the_marks_that_it_uses(client: TestClient) -> None:
    page = client.get("/page/Interlayer").text
    assert "<s>= " in page, "a false friend is struck through"
    assert "* follows by reasoning" in page
    assert "<s>struck through</s> a false friend" in page
    assert "⊃ the other term is narrower" not in page, "what does not occur is not explained"


def test_the_form_for_why_shows_the_name_of_what_was_asked_about(client: TestClient) -> None:
    page = client.get("/why?thing=id/design/zno-interlayer-on-garnet").text
    assert 'name="thing" value="zinc oxide interlayer on garnet"' in page
    assert 'value="no such thing"' in client.get("/why?thing=no+such+thing").text


def test_works_that_are_not_identified_come_last(client: TestClient) -> None:
    rows = re.findall(r"(?s)<tr>.*?</tr>", client.get("/works").text)[1:]
    unknown = ["not identified" in row for row in rows]
    assert unknown == sorted(unknown)
    assert (unknown[0], unknown[-1]) == (False, True)


def test_no_line_ends_within_a_unit(client: TestClient) -> None:
    for path in ("/discrepancies", "/discrepancies?view=doubts", "/page/id/design/zno-interlayer-on-garnet"):
        page = re.sub(r"(?s)<footer.*", "", client.get(path).text)
        for table in re.findall(r"(?s)<table.*?</table>", page):
            shown = re.sub(r'<span class="nowrap">[^<]*</span>', "", table)
            assert (
                re.findall(r">[^<]*cm\^?-[1-4][^<]*<", re.sub(r"(?s)<(p|q|small)\b.*?</\1>", "", shown)) == []
            )


def test_a_comparison_by_all_stages_says_so_and_offers_each(client: TestClient) -> None:
    page = client.get("/compare?by=property%2Farea-specific-resistance").text
    assert "at whatever stage" in page
    offered = re.search(r"(?s)By one stage: (.*?)</p>", page)
    assert offered
    links = re.findall(r'href="([^"]+)">([^<]+)<', offered[1])
    assert "area-specific resistance, after cycling" in [words for _, words in links]
    alone = client.get(links[0][0].replace("&amp;", "&")).text
    assert "at whatever stage" not in alone
    assert client.get("/compare").text.count("<details open") == 0, "the form leaves room for the table"
