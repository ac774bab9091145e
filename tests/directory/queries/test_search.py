"""The search box: numbers, names, old names, misspellings; and tokens that open exactly what the policy opens."""

import random
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import system_user
from motrice.core import search_index
from motrice.core.confidentiality import Level
from motrice.core.search_sources import access_tokens, sources
from motrice.directory.enums import NameKind, OrganisationKind, RelationKind
from motrice.directory.models import Affiliation, Evidence, Organisation, Person
from motrice.directory.operations.evidence import edit_evidence, withdraw_evidence
from motrice.directory.operations.merge import last_merge, merge, undo_merge
from motrice.directory.operations.organisation import add_name, edit_organisation, rename_organisation
from motrice.directory.queries.search import find_owners, find_records, find_texts
from tests.directory.factories import (
    AffiliationFactory,
    EvidenceFactory,
    IdentifierFactory,
    OrganisationFactory,
    PersonFactory,
    RelationFactory,
    user_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _root(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"


@pytest.fixture
def coordinator():
    return user_with("coordinator")


def found(text, actor, **options):
    return [item.record for item in find_records(text, actor=actor, **options)]


def test_a_siret_a_ror_or_an_rnsr_number_opens_the_same_record(coordinator):
    unit = OrganisationFactory(unit=True)
    for scheme, value in (("siret", "18008901303720"), ("ror", "02feahw73"), ("rnsr", "200412238P")):
        IdentifierFactory(organisation=unit, scheme=scheme, value=value)
    pasted = ["180 089 013 03720", "https://ror.org/02feahw73", "200412238p", "RNSR: 200412238P"]

    assert [found(text, coordinator) for text in pasted] == [[unit]] * 4
    search_index.rebuild()
    assert [found(text, coordinator) for text in pasted] == [[unit]] * 4


def test_names_acronyms_old_names_and_misspellings_find_the_record(coordinator):
    unit = OrganisationFactory(unit=True, name="Laboratoire inventé des verres spéciaux", short_name="LIVS")
    rename_organisation(organisation=unit, actor=coordinator, name="Institut inventé du verre", on=date(2020, 1, 1))
    add_name(organisation=unit, actor=coordinator, kind=NameKind.TRANSLATION, value="Invented glass institute")
    person = PersonFactory(given_name="Clémence", family_name="Ravelin")
    OrganisationFactory(unit=True, name="Laboratoire inventé des métaux")
    search_index.rebuild()

    for text in ("institut inv", "LIVS", "verres spéciaux", "Institut inventé du vrere", "glass institute"):
        assert found(text, coordinator)[0] == unit
    for text in ("ravelin", "Clemence Ravelin", "Ravellin"):
        assert found(text, coordinator)[0] == person
    hint = find_records("verres spéciaux", actor=coordinator)[0].hint
    assert hint == "Laboratoire inventé des verres spéciaux · former name"


def test_without_an_index_names_are_still_found(coordinator):
    unit = OrganisationFactory(unit=True, name="Laboratoire inventé des verres")

    assert found("verres", coordinator) == [unit]
    assert found("", coordinator) == []
    assert find_texts("verres", actor=coordinator) == []
    assert find_owners("verres", actor=coordinator) == []
    assert not search_index.status()["built"]


def test_the_index_follows_every_write(coordinator, django_capture_on_commit_callbacks):
    unit, twin = (
        OrganisationFactory(unit=True, name="Unité première"),
        OrganisationFactory(unit=True, name="Unité jumelle"),
    )
    text = EvidenceFactory(title="Fatigue des verres trempés", of=[unit])
    search_index.rebuild()

    with django_capture_on_commit_callbacks(execute=True):
        edit_organisation(organisation=unit, actor=coordinator, name="Unité rebaptisée")
        edit_evidence(evidence=text, actor=coordinator, title="Corrosion des aciers")
    assert found("rebaptisée", coordinator) == [unit]
    assert [item.evidence for item in find_texts("corrosion acier", actor=coordinator)] == [text]
    assert find_texts("verres trempés", actor=coordinator) == []

    with django_capture_on_commit_callbacks(execute=True):
        merge(kept=twin, absorbed=Organisation.objects.get(pk=unit.pk), actor=coordinator)
    assert found("rebaptisée", coordinator) == [twin]
    assert [item.owner for item in find_owners("corrosion acier", actor=coordinator)] == [twin]

    with django_capture_on_commit_callbacks(execute=True):
        undo_merge(entry=last_merge(Organisation.objects.get(pk=unit.pk)), actor=coordinator)
    assert found("rebaptisée", coordinator) == [unit]
    assert [item.owner for item in find_owners("corrosion acier", actor=coordinator)] == [unit]

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_evidence(evidence=text, actor=coordinator, reason="retracted")
    assert find_texts("corrosion acier", actor=coordinator) == []
    assert search_index.status()["entries_behind"] == 0


def test_what_was_closed_since_the_index_was_built_is_not_found(coordinator):
    visitor = user_with()
    unit = OrganisationFactory(unit=True, name="Unité fermée depuis")
    text = EvidenceFactory(title="Fatigue des verres trempés", of=[unit])
    search_index.rebuild()
    assert (found("fermée depuis", visitor), len(find_texts("verres trempés", actor=visitor))) == ([unit], 1)

    Organisation.objects.filter(pk=unit.pk).update(level=Level.CIRCLE)
    Evidence.objects.filter(pk=text.pk).update(level=Level.CIRCLE)

    assert found("fermée depuis", visitor) == []
    assert find_texts("verres trempés", actor=visitor) == []
    assert find_owners("verres trempés", actor=visitor) == []


def test_owners_come_with_the_texts_that_made_them(coordinator):
    unit = OrganisationFactory(unit=True, name="Laboratoire A")
    EvidenceFactory(title="Fatigue des verres trempés", of=[unit])
    EvidenceFactory(title="Économie des ports", of=[OrganisationFactory(unit=True, name="Laboratoire B")])
    search_index.rebuild()

    best = find_owners("fatigue of tempered glass", actor=coordinator)[0]

    assert best.owner == unit
    assert best.evidence[0][0] == "Fatigue des verres trempés"


def test_a_rebuild_removes_what_a_killed_one_left(settings):
    def dies(label, count):
        raise KeyboardInterrupt

    OrganisationFactory(unit=True)
    search_index.rebuild()
    with pytest.raises(KeyboardInterrupt):
        search_index.rebuild(dies)
    left = {folder.name for folder in settings.SEARCH_ROOT.glob("build-*")}

    search_index.rebuild()

    kept = {folder.name for folder in settings.SEARCH_ROOT.glob("build-*")}
    assert (len(left), len(kept)) == (2, 1)
    assert not left & kept


def test_a_rebuild_takes_in_what_was_written_meanwhile(coordinator):
    first = OrganisationFactory(name="Première inventée")
    written = []

    def tell(label, count):
        if not written:
            written.append(OrganisationFactory(name="Seconde inventée"))

    search_index.rebuild(tell)

    assert set(found("inventée", coordinator)) == {first, written[0]}


def test_tokens_open_exactly_what_the_policies_open():
    """Many actors and records of every level and tie, drawn at random but always the same."""
    draw = random.Random(7)
    levels = list(Level)
    bodies = [OrganisationFactory(level=draw.choice(levels)) for _ in range(8)]
    units = [OrganisationFactory(unit=True, level=draw.choice(levels)) for _ in range(16)]
    for unit in units:
        for body in draw.sample(bodies, 2):
            kind = draw.choice(
                [RelationKind.SUPERVISES, RelationKind.HOSTS, RelationKind.PARENT, RelationKind.MIRROR_OF]
            )
            RelationFactory(source=body, target=unit, kind=kind)
    users = [user_with() for _ in range(4)]
    people = [PersonFactory(level=draw.choice(levels), user=users[n] if n < 4 else None) for n in range(12)]
    for person in people:
        AffiliationFactory(person=person, organisation=draw.choice([*units, *bodies]))
    texts = [
        EvidenceFactory(level=draw.choice(levels), of=[*draw.sample(units, draw.randint(0, 2)), draw.choice(people)])
        for _ in range(24)
    ]
    system = system_user()
    kinds = ["researcher", "officer", "director", "lab_director", "company_contact", "legal", "reviewer", "investor"]
    for kind in kinds:
        users.append(user_with(kind, on=draw.choice([*units, *bodies])))
    users += [user_with(kind) for kind in ("coordinator", "auditor", "officer", "observer", "administrator")]
    for user in users[:8]:
        grant_role(user=user, kind="circle", actor=system, on=draw.choice([*units, *people, *texts]))
    users = [type(system).objects.get(pk=user.pk) for user in users]

    compared = 0
    for source in sources():
        rows = list(source.rows())
        access = {}
        for make in filter(None, (source.names, source.documents)):
            access |= {int(item.id.split(":")[1]): set(item.access) for item in make(rows)}
        for actor in [*users, AnonymousUser(), system]:
            tokens = access_tokens(actor)
            opened = {pk for pk, needed in access.items() if tokens is None or needed & set(tokens)}
            permitted = set(source.model.objects.permitted(actor).values_list("pk", flat=True)) & access.keys()
            assert opened == permitted, (source.label, actor)
            compared += len(access)
    assert compared > 1000
    assert Affiliation.objects.count() == Person.objects.count() == 12
    assert OrganisationKind.UNIT in {body.kind for body in Organisation.objects.all()}
