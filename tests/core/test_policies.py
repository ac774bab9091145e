"""One rule: the same answer for a list, for one row, and in words."""

import pytest
from django.db.models import Q
from django.http import Http404

from motrice.accounts.models import User
from motrice.accounts.operations.users import create_user, system_user
from motrice.core import audit, policies
from motrice.core.errors import NotPermitted
from motrice.core.models import AuditChange, AuditEntry
from motrice.core.policies import EVERYTHING, NOBODY, SITE, Clause, RoleGrant, clause
from motrice.directory.models import Organisation, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(monkeypatch):
    """Rules of the test alone, for audit entries."""
    monkeypatch.setattr(policies, "_rules", {})

    def declare(**actions):
        policies.register(AuditEntry, actions)

    return declare


@pytest.fixture
def entries(officer):
    """Two entries of Motrice itself, and one of the officer."""
    from motrice.core import audit

    audit.trace(officer, "x.read")
    return AuditEntry.objects.all()


@clause("You did it.")
def own(actor):
    return Q(actor_id=actor.pk)


@clause("Everybody may.")
def anyone(actor):
    return EVERYTHING


@clause("Not you.")
def no_ground(actor):
    return None


def seen_alike(officer, entries):
    """How many rows a list shows: one by one, and in words, they are the same."""
    seen = set(policies.scope(entries, officer, "view"))
    assert {entry for entry in entries if policies.allows(officer, "view", entry)} == seen
    assert {entry for entry in entries if policies.explain(officer, "view", entry)} == seen
    return len(seen)


@pytest.mark.parametrize(
    ("clauses", "count"),
    [([own], 1), ([anyone], 3), ([no_ground], 0), ([no_ground, own], 1), ([own, anyone], 3), ([], 0)],
)
def test_a_list_and_a_row_give_the_same_answer(rules, officer, entries, clauses, count):
    rules(view=clauses)

    assert seen_alike(officer, entries) == count


def test_an_undeclared_action_is_refused_to_all_but_motrice_itself(rules, officer, entries):
    rules(view=[anyone])

    assert not policies.scope(entries, officer, "edit").exists()
    assert policies.scope(entries, system_user(), "edit").count() == 3


def test_a_model_without_rules_is_closed(rules, officer, entries):
    assert policies.q_for(officer, AuditEntry, "view") == NOBODY
    with pytest.raises(NotPermitted):
        policies.require(officer, "view", entries[0])


def test_a_rule_that_joins_gives_each_row_once(rules, officer, entries):
    many = Clause("joined", "…", lambda actor: Q(actor__roles__isnull=True) | Q(actor__audit_entries__isnull=False))
    rules(view=[many])

    assert policies.scope(entries, officer, "view").count() == len(entries)


def test_the_reasons_are_those_of_the_grounds_that_hold(rules, officer, entries):
    rules(view=[own, anyone, no_ground])
    first, last = entries.first(), entries.last()

    assert [reason.words for reason in policies.explain(officer, "view", first)] == ["Everybody may."]
    assert [reason.words for reason in policies.explain(officer, "view", last)] == ["You did it.", "Everybody may."]


def test_motrice_itself_has_its_own_reason(rules, entries):
    rules(view=[own])

    [reason] = policies.explain(system_user(), "view", entries[0])

    assert (reason.name, reason.words) == ("system", str(policies.SYSTEM_CLAUSE.words))


@pytest.mark.parametrize("ground", [own, Clause("of", "…", lambda actor: Q(actor__audit_entries__actor_id=actor.pk))])
def test_a_right_on_a_record_is_asked_at_the_end_of_a_link_whether_or_not_its_rule_joins(rules, officer, ground):
    unit = Organisation(kind="unit", name="Laboratoire des verres")
    with audit.operation(officer, "unit.create") as op:
        op.create(unit)
    with audit.operation(None, "unit.rename") as op:
        op.update(unit, name="Laboratoire des vitres")
    rules(view=[ground], edit=[anyone], delete=[no_ground])

    def changes(action):
        q = policies.at_end_of("entry", AuditEntry, officer, action)
        return list(AuditChange.objects.filter(q).order_by("pk").values_list("entry__verb", flat=True))

    assert set(changes("view")) == {"unit.create"}
    assert len(changes("view")) == AuditChange.objects.filter(entry__verb="unit.create").count()
    assert len(changes("edit")) == AuditChange.objects.count()
    assert changes("delete") == []


def test_an_action_is_declared_once(rules):
    rules(view=[own])

    with pytest.raises(ValueError, match="declared twice"):
        rules(view=[anyone])


def test_what_one_may_not_see_does_not_exist(rules, officer, entries):
    rules(view=[own], edit=[anyone])
    hidden = entries.first()

    with pytest.raises(Http404):
        policies.get_permitted(AuditEntry, officer, "edit", pk=hidden.pk)
    with pytest.raises(Http404):
        policies.get_permitted(AuditEntry, officer, "view", pk=0)


def test_what_one_sees_but_may_not_do_is_refused(rules, officer, entries):
    rules(view=[anyone], edit=[own])

    with pytest.raises(NotPermitted, match="None of your roles allows this here"):
        policies.get_permitted(AuditEntry, officer, "edit", pk=entries.first().pk)
    assert policies.get_permitted(AuditEntry, officer, "edit", pk=entries.last().pk) == entries.last()
    assert policies.get_permitted(AuditEntry, officer, "view", pk=entries.first().pk) == entries.first()


def only_read(actor):
    return Q(verb="x.read")


def only_others(actor):
    return ~Q(verb="x.read")


def all_of_them(actor):
    return EVERYTHING


@pytest.mark.parametrize(
    ("clauses", "count"),
    [
        ([anyone.within(only_read)], 1),
        ([own.within(only_others)], 0),
        ([no_ground.within(only_read)], 0),
        ([no_ground.within(only_read), anyone.within(only_others)], 2),
        ([own.within(only_others), anyone.within(only_others)], 2),
        ([anyone.within(only_others), own.within(only_others)], 2),
        ([own.within(only_others), own.within(only_read)], 1),
        ([anyone.within(only_others), own], 3),
        ([anyone.within(only_others), anyone], 3),
        ([own.within(all_of_them)], 1),
        ([own.within(all_of_them), anyone.within(all_of_them)], 3),
        ([anyone.within(only_read).within(only_others)], 0),
    ],
)
def test_a_ground_within_a_limit_gives_no_more_than_the_limit(rules, officer, entries, clauses, count):
    rules(view=clauses)

    assert seen_alike(officer, entries) == count


def test_grounds_of_one_limit_ask_it_once(rules, officer, entries):
    asked = []

    def limit(actor):
        asked.append(actor)
        return Q(verb="x.read")

    rules(view=[own.within(limit), no_ground.within(limit), anyone.within(limit)])

    assert policies.scope(entries, officer, "view").count() == 1
    assert asked == [officer]


def test_a_proxy_has_the_rules_of_its_table():
    assert policies.actions_of(Unit) == policies.actions_of(Organisation) != []


def test_a_check_costs_one_query(rules, officer, entries, django_assert_num_queries):
    rules(view=[own])
    entry = entries.first()

    with django_assert_num_queries(1):
        policies.allows(officer, "view", entry)


def test_roles_are_read_by_what_they_are_held_on():
    actor = User(pk=1)
    actor.__dict__["active_roles"] = (
        RoleGrant("officer", SITE, None),
        RoleGrant("officer", "directory.organisation", 3),
        RoleGrant("lab_director", "directory.organisation", 4),
        RoleGrant("circle", "sourcing.need", 9),
    )

    assert policies.holds(actor, "officer")
    assert not policies.holds(actor, "lab_director")
    assert policies.scopes(actor, "directory.organisation", "officer") == [3]
    assert policies.scopes(actor, "directory.organisation") == [3, 4]
    assert policies.scopes(actor, "sourcing.need", "circle") == [9]


def test_an_ended_role_gives_nothing(officer):
    from motrice.accounts.operations.roles import end_role, grant_role

    role = grant_role(user=officer, kind="auditor", actor=system_user())
    assert policies.holds(officer, "auditor")

    end_role(role=role, actor=system_user())

    assert not policies.holds(User.objects.get(pk=officer.pk), "auditor")
    assert not AuditEntry.objects.permitted(create_user(email="b@example.org", display_name="B", actor=system_user()))


def test_several_actions_on_a_row_are_asked_at_once_with_the_answers_of_each(
    rules, officer, entries, django_assert_num_queries
):
    rules(view=[own], read=[anyone], act=[no_ground], keep=[no_ground, own], name=[], also=[own])
    actions = ["view", "read", "act", "keep", "name", "also", "unknown"]
    system = User.objects.get(pk=system_user().pk)

    for actor in (officer, system):
        for entry in entries:
            with django_assert_num_queries(0 if actor == system else 1):
                found = policies.allowed(actor, actions, entry)
            assert found == {action for action in actions if policies.allows(actor, action, entry)}
    assert policies.allowed(officer, [], entries[0]) == frozenset()


def test_no_action_is_allowed_by_a_rule_of_the_row_on_a_row_that_is_not_there(rules, officer):
    rules(view=[own], read=[anyone])

    assert policies.allowed(officer, ["view", "read"], AuditEntry(pk=0)) == {"read"}
