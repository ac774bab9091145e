"""Catalogue files become immutable versions; what does not fit is named with its file."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from motrice.accounts.operations.users import system_user
from motrice.core import audit, catalogue
from motrice.core.errors import NotPermitted, RuleViolation, StaleState
from motrice.core.models import CatalogueEntry

pytestmark = pytest.mark.django_db
KIND = "sample.colours"


def needs_label(data):
    """A colour has a label."""
    if not data.get("label"):
        raise RuleViolation("a colour needs a label", field="label")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An app with a folder of colours, and nothing else."""
    colours = tmp_path / "catalogue" / "colours"
    colours.mkdir(parents=True)
    configs = [SimpleNamespace(path=str(tmp_path), label="sample")]
    monkeypatch.setattr(catalogue, "apps", SimpleNamespace(get_app_configs=lambda: configs))
    monkeypatch.setattr(catalogue, "_validators", {KIND: needs_label})
    return colours


def write(folder, text, name="red.toml"):
    (folder / name).write_text(text, encoding="utf-8")


RED = 'code = "red"\nversion = 1\nlabel = "Rouge"\n'


def test_files_are_loaded_once(folder):
    write(folder, RED)
    write(
        folder,
        '[[entry]]\ncode = "blue"\nversion = 1\nlabel = "B"\n[[entry]]\ncode = "dun"\nversion = 1\nlabel = "D"\n',
        "x.toml",
    )

    assert catalogue.sync(actor=None) == {"created": 3, "unchanged": 0, "kept": 0}
    assert catalogue.sync(actor=None) == {"created": 0, "unchanged": 3, "kept": 0}
    assert [row.code for row in catalogue.current(KIND)] == ["blue", "dun", "red"]
    assert audit.differences() == []


def test_a_loaded_version_is_never_rewritten(folder):
    write(folder, RED)
    catalogue.sync(actor=None)
    write(folder, RED.replace("Rouge", "Vermillon"))

    with pytest.raises(RuleViolation, match="red version 1 is loaded already: raise the version"):
        catalogue.sync(actor=None)

    assert catalogue.entry(KIND, "red").data == {"label": "Rouge"}


def test_the_newest_version_is_in_force_and_the_old_one_stays(folder):
    write(folder, RED)
    catalogue.sync(actor=None)
    write(folder, RED.replace("1", "2").replace("Rouge", "Vermillon"))
    catalogue.sync(actor=None)

    assert catalogue.entry(KIND, "red").data == {"label": "Vermillon"}
    assert list(CatalogueEntry.objects.values_list("version", flat=True)) == [2, 1]


def test_a_retired_entry_is_no_longer_proposed(folder):
    write(folder, RED)
    catalogue.sync(actor=None)
    write(folder, RED.replace("1", "2") + "retired = true\n")
    catalogue.sync(actor=None)

    assert catalogue.current(KIND) == []
    with pytest.raises(RuleViolation, match="red"):
        catalogue.entry(KIND, "red")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code = ", "not TOML"),
        ('version = 1\nlabel = "x"', "needs a code"),
        ('code = 3\nversion = 1\nlabel = "x"', "needs a code"),
        ('code = "red"\nlabel = "x"', "needs a version"),
        ('code = "red"\nversion = "1"\nlabel = "x"', "needs a version"),
        ('code = "red"\nversion = 0\nlabel = "x"', "needs a version"),
        ('code = "red"\nversion = true\nlabel = "x"', "needs a version"),
        ('code = "red"\nversion = 1\nretired = "no"\nlabel = "x"', "true or false"),
        ('entry = "red"', r"\[\[entry\]\]"),
        ('code = "red"\nversion = 1', "needs a label"),
    ],
)
def test_an_unfit_file_is_named_and_nothing_is_loaded(folder, text, words):
    write(folder, RED, "a.toml")
    write(folder, text.replace('"red"', '"blue"'), "b.toml")

    with pytest.raises(RuleViolation, match=words) as refused:
        catalogue.sync(actor=None)

    assert "b.toml" in str(refused.value)
    assert CatalogueEntry.objects.filter(kind=KIND).count() == 0


def test_one_version_stands_in_one_file_only(folder):
    write(folder, RED)
    write(folder, RED, "twin.toml")

    with pytest.raises(RuleViolation, match=r"twin.toml: red version 1 is in .*red.toml already"):
        catalogue.sync(actor=None)


def test_a_kind_that_nothing_reads_is_refused(folder, monkeypatch):
    monkeypatch.setattr(catalogue, "_validators", {})
    write(folder, RED)

    with pytest.raises(RuleViolation, match="nothing reads the kind"):
        catalogue.sync(actor=None)


def test_an_edit_on_the_site_adds_a_version_and_survives_the_files(folder):
    write(folder, RED)
    catalogue.sync(actor=None)

    catalogue.edit(kind=KIND, code="red", data={"label": "Carmin"}, actor=system_user(), reason="asked by the network")
    write(folder, RED.replace("1", "2").replace("Rouge", "Vermillon"))

    assert catalogue.sync(actor=None) == {"created": 0, "unchanged": 0, "kept": 1}
    assert catalogue.entry(KIND, "red").data == {"label": "Carmin"}


def test_an_edit_that_its_kind_refuses_changes_nothing(folder):
    write(folder, RED)
    catalogue.sync(actor=None)

    with pytest.raises(RuleViolation) as refused:
        catalogue.edit(kind=KIND, code="red", data={}, actor=system_user(), reason="x")

    assert refused.value.field == "label"
    assert CatalogueEntry.objects.filter(kind=KIND).count() == 1


@pytest.mark.parametrize("code", ["red", "new"])
def test_who_may_not_edit_is_refused(folder, officer, code):
    write(folder, RED)
    catalogue.sync(actor=None)

    with pytest.raises(NotPermitted):
        catalogue.edit(kind=KIND, code=code, data={"label": "x"}, actor=officer, reason="x")

    assert CatalogueEntry.objects.filter(kind=KIND).count() == 1


def test_a_version_says_what_it_changes():
    first = CatalogueEntry(kind="k", code="c", version=1, data={"name": {"fr": "Colles"}, "naf": ["20", "22"]})
    first.loaded_at = timezone.now()
    first.save()
    second = CatalogueEntry(
        kind="k", code="c", version=2, data={"name": {"fr": "Colles"}, "naf": [], "rows": [{"a": 1}]}
    )

    second.loaded_at = timezone.now()
    second.save()

    with pytest.raises(StaleState) as refused:
        catalogue.edit(kind="k", code="c", data={}, actor=system_user(), reason="x", read={"data": "otherwise"})
    (clash,) = refused.value.clashes

    assert clash.theirs == '“naf”: – · “rows”: [{"a": 1}]'
    assert clash.label == "content"
