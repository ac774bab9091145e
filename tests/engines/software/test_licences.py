"""Licences by their SPDX identifiers, and what they ask when an exclusive licence is planned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motrice.engines.software import Family, LicenceTable, Part, UnknownLicence, concerns, normalise

TABLE = LicenceTable(
    {
        "MIT": Family.PERMISSIVE,
        "LGPL-2.1-or-later": Family.WEAK_COPYLEFT,
        "GPL-2.0-only": Family.STRONG_COPYLEFT,
        "AGPL-3.0-only": Family.NETWORK_COPYLEFT,
        "LicenseRef-proprietary": Family.PROPRIETARY,
    },
    {"Classpath-exception-2.0": Family.WEAK_COPYLEFT},
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mit", "MIT"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
        ("GPL-3.0", "GPL-3.0-only"),
    ],
)
def test_an_expression_is_written_as_the_list_writes_it(text, written):
    assert normalise(text) == written


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("Free for all", "unknown"),
        ("MIT MIT", "grammar"),
        ("Freeware-1.0", "unknown"),
        ("MIT AND", "grammar"),
        ("GPL-2.0-only WITH MIT", "grammar"),
        ("Classpath-exception-2.0", "grammar"),
        ("(MIT", "grammar"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_kind(text, kind):
    with pytest.raises(UnknownLicence) as refused:
        normalise(text)

    assert refused.value.kind == kind


@given(st.text(max_size=60))
def test_any_text_is_written_or_refused(text):
    try:
        assert normalise(normalise(text)) == normalise(text)
    except UnknownLicence:
        return


@pytest.mark.parametrize(
    ("expression", "family"),
    [
        ("MIT OR GPL-2.0-only", Family.PERMISSIVE),
        ("MIT AND GPL-2.0-only", Family.STRONG_COPYLEFT),
        ("(AGPL-3.0-only OR GPL-2.0-only) AND MIT", Family.STRONG_COPYLEFT),
        ("GPL-2.0-only WITH Classpath-exception-2.0", Family.WEAK_COPYLEFT),
        ("MIT WITH Classpath-exception-2.0", Family.PERMISSIVE),
        ("Zlib", Family.UNKNOWN),
    ],
)
def test_choices_are_taken_mildly_and_joined_licences_strictly(expression, family):
    assert max(TABLE.families_of(expression)) == family


def found(*parts, is_exclusive=True):
    return [
        (concern.part.name, concern.code, concern.is_conflict)
        for concern in concerns([Part(*part) for part in parts], TABLE, is_exclusive=is_exclusive)
    ]


def test_copyleft_meets_an_exclusive_licence():
    assert found(
        ("kernel", "GPL-2.0-only", "linked"), ("server", "AGPL-3.0-only", "copied"), ("parser", "MIT", "copied")
    ) == [("kernel", "strong_copyleft", True), ("server", "network_copyleft", True)]


def test_weak_copyleft_binds_only_what_is_mixed_with_it():
    assert found(("a", "LGPL-2.1-or-later", "linked"), ("b", "LGPL-2.1-or-later", "modified")) == [
        ("b", "weak_copyleft_mixed", True),
        ("a", "weak_copyleft_linked", False),
    ]


def test_a_tool_of_the_build_asks_nothing():
    assert found(("compiler", "GPL-2.0-only", "tool")) == []


def test_without_an_exclusive_licence_copyleft_is_no_concern():
    assert found(("kernel", "GPL-2.0-only", "linked"), is_exclusive=False) == []


def test_a_licence_nobody_classified_is_always_to_be_read():
    assert found(("font", "Zlib", "copied"), is_exclusive=False) == [("font", "unread", False)]


def test_a_licence_joined_to_an_unread_one_hides_nothing():
    assert found(("mix", "GPL-2.0-only AND Zlib", "linked")) == [
        ("mix", "strong_copyleft", True),
        ("mix", "unread", False),
    ]


def test_somebody_elses_proprietary_code_needs_their_leave():
    assert found(("solver", "LicenseRef-proprietary", "linked")) == [("solver", "proprietary", False)]
