"""Identifiers of Software Heritage, by their form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motrice.engines.software import UnfitSwhid, parse_swhid

DIGEST = "94a9ed024d3859793618152ea559a168bbcbb5e2"
CORE = f"swh:1:cnt:{DIGEST}"


def test_an_identifier_is_taken_apart_and_written_back():
    text = (
        f"{CORE};origin=https://forge.example.org/saumon;visit=swh:1:snp:{'d' * 40};anchor=swh:1:rev:{'a' * 40}"
        ";path=/src/main.c;lines=9-15"
    )

    found = parse_swhid(f" {text} ")

    assert (found.kind, found.core) == ("cnt", CORE)
    assert found.qualifiers["path"] == "/src/main.c"
    assert str(found) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "form"),
        ("swh:1:cnt", "form"),
        (f"swh:2:cnt:{DIGEST}", "version"),
        (f"swh:1:file:{DIGEST}", "kind"),
        (f"swh:1:cnt:{DIGEST[:-1]}", "digest"),
        (f"swh:1:cnt:{DIGEST}0", "digest"),
        (f"swh:1:cnt:{DIGEST.upper()}", "case"),
        (f"{CORE};colour=red", "qualifier"),
        (f"{CORE};path", "qualifier"),
        (f"{CORE};path=", "qualifier"),
        (f"{CORE};path=/a;path=/b", "qualifier"),
        (f"{CORE};path=/a b", "qualifier"),
        (f"{CORE};lines=9-", "qualifier"),
        (f"swh:1:dir:{DIGEST};lines=9", "qualifier"),
        (f"{CORE};visit=swh:1:rev:{DIGEST}", "qualifier"),
        (f"{CORE};anchor=swh:1:cnt:{DIGEST}", "qualifier"),
        (f"{CORE};anchor=main", "form"),
    ],
)
def test_what_is_no_identifier_is_refused_with_its_kind(text, kind):
    with pytest.raises(UnfitSwhid) as refused:
        parse_swhid(text)

    assert refused.value.kind == kind


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        assert parse_swhid(str(parse_swhid(text))) == parse_swhid(text)
    except UnfitSwhid:
        return
