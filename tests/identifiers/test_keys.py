from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.identifiers import IdentifierError, normal_doi, normal_inchikey

FEC = "SBLRHMKNNHXPHG-UHFFFAOYSA-N"


@pytest.mark.parametrize(
    "text", [FEC, FEC.lower(), f" {FEC}\n", f"InChIKey={FEC}", f"inchikey = {FEC}", f"INCHIKEY={FEC.lower()}"]
)
def test_an_inchikey_is_read_with_and_without_its_name(text: str) -> None:
    assert normal_inchikey(text) == FEC


@pytest.mark.parametrize(
    "text",
    [
        "",
        FEC[:-1],
        FEC + "N",
        FEC.replace("-", ""),
        FEC.replace("SA", "XA"),
        "SBLRHMKNNHXPH0-UHFFFAOYSA-N",
        "ZnO",
    ],
)
def test_what_has_not_the_form_of_an_inchikey_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="is not an InChIKey") as raised:
        normal_inchikey(text)
    assert "14, 10 and 1" in str(raised.value.mend)


def test_an_inchi_is_not_taken_for_its_key() -> None:
    with pytest.raises(IdentifierError, match="is an InChI, not its key"):
        normal_inchikey("InChI=1S/C2H6OS/c1-4(2)3/h1-2H3")


@pytest.mark.parametrize(
    "text",
    [
        "10.1021/jacs.8b10488",
        "10.1021/JACS.8B10488",
        "https://doi.org/10.1021/jacs.8b10488",
        "http://dx.doi.org/10.1021/jacs.8b10488",
        "HTTPS://DOI.ORG/10.1021/jacs.8b10488",
        "doi.org/10.1021/jacs.8b10488",
        "doi:10.1021/jacs.8b10488",
        "DOI: 10.1021/jacs.8b10488",
        " 10.1021/jacs.8b10488. ",
    ],
)
def test_a_doi_is_read_with_and_without_resolver_in_any_case(text: str) -> None:
    assert normal_doi(text) == "10.1021/jacs.8b10488"


def test_what_a_resolver_escapes_is_written_out() -> None:
    assert normal_doi("https://doi.org/10.1002/(SICI)1%3C2::AID%3E3.0.CO") == "10.1002/(sici)1<2::aid>3.0.co"


@pytest.mark.parametrize(
    "text", ["", "10.1021", "jacs.8b10488", "https://pubs.acs.org/doi/10.1021/x", "10.1/x"]
)
def test_what_has_not_the_form_of_a_doi_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="is not a DOI") as raised:
        normal_doi(text)
    assert "begins with 10." in str(raised.value.mend)


@given(st.text(max_size=40))
def test_normal_forms_are_normal(text: str) -> None:
    for normal in (normal_doi, normal_inchikey):
        try:
            once = normal(text)
        except IdentifierError:
            continue
        assert normal(once) == once
