"""What the operations of accounts refuse, in words, and what they leave behind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motrice.accounts.models import ApiToken, EmergencyAccess, Follow, Invitation, RoleAssignment, User
from motrice.accounts.operations.calendar_addresses import make_calendar_address
from motrice.accounts.operations.emergency import close_emergency, open_emergency
from motrice.accounts.operations.follows import set_follow
from motrice.accounts.operations.invitations import (
    accept_invitation,
    invitation_missed,
    invite,
    revoke_invitation,
)
from motrice.accounts.operations.roles import end_role, grant_role
from motrice.accounts.operations.tokens import create_token, find_token, known_scopes, revoke_token
from motrice.accounts.operations.users import close_user, create_user, system_user
from motrice.accounts.operations.view_as import somebody, start_view_as, viewed_actor
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.models import AuditEntry
from tests.directory.factories import OrganisationFactory, user_with

pytestmark = pytest.mark.django_db
REASON = "The disk of the register is being moved tonight."


def verbs():
    return list(AuditEntry.objects.order_by("-pk").values_list("verb", flat=True)[:1])


@pytest.fixture
def anybody():
    return user_with()


@pytest.fixture
def administrator():
    return user_with("administrator")


# What a person without the role is told


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda actor, other: open_emergency(actor=actor, reason=REASON), "Only an administrator"),
        (lambda actor, other: create_user(email="x@example.org", display_name="X", actor=actor), "open accounts"),
        (lambda actor, other: close_user(user=other, actor=actor, reason=""), "close accounts"),
        (lambda actor, other: grant_role(user=other, kind="officer", actor=actor), "give roles"),
        (lambda actor, other: end_role(role=other.roles.first(), actor=actor), "end roles"),
        (
            lambda actor, other: invite(email="x@example.org", display_name="X", kind="officer", actor=actor),
            "invite anybody",
        ),
        (lambda actor, other: start_view_as(actor=actor, reason=REASON, person=other), "Only administrators"),
        (lambda actor, other: set_follow(record=other, actor=User(), follows=True), "Sign in to follow"),
        (lambda actor, other: make_calendar_address(kind="docket", actor=User()), "Sign in to make an address"),
        (
            lambda actor, other: create_token(actor=User(), name="x", scopes=[], expires_on=timezone.localdate()),
            "Sign in to make an access token",
        ),
    ],
)
def test_who_may_not_is_told_so_and_nothing_is_written(act, words, anybody):
    other = user_with("officer")
    entries = AuditEntry.objects.count()

    with pytest.raises(NotPermitted, match=words):
        act(anybody, other)

    assert AuditEntry.objects.count() == entries


# Roles


@pytest.mark.parametrize(
    ("kind", "is_on_body", "wanted"),
    [("coordinator", False, "officer"), ("representative", True, "officer"), ("correspondent", True, "lab_director")],
)
def test_who_keeps_roles_gives_none_to_themselves(kind, is_on_body, wanted):
    body = OrganisationFactory()
    keeper = user_with(kind, on=body if is_on_body else None)

    with pytest.raises(NotPermitted, match="to themselves"):
        grant_role(user=keeper, kind=wanted, actor=keeper, on=body)

    assert [role.kind for role in keeper.roles.all()] == [kind]
    assert grant_role(user=user_with(), kind=wanted, actor=keeper, on=body).kind == wanted


def test_an_administrator_opens_everything_by_breaking_the_glass_only(administrator):
    with pytest.raises(NotPermitted, match="to themselves"):
        grant_role(user=administrator, kind="auditor", actor=administrator)


def test_a_role_of_today_goes_and_an_older_one_ends_yesterday(administrator, anybody):
    today = timezone.localdate()
    fresh = grant_role(user=anybody, kind="researcher", actor=administrator)
    older = grant_role(user=anybody, kind="officer", actor=administrator, starts_on=today - timedelta(days=9))
    with pytest.raises(RuleViolation, match="holds this role already"):
        grant_role(user=anybody, kind="officer", actor=administrator)

    end_role(role=fresh, actor=administrator)
    end_role(role=older, actor=administrator)

    left = RoleAssignment.objects.get(user=anybody)
    assert (left.kind, left.ends_on) == ("officer", today - timedelta(days=1))
    assert User.objects.get(pk=anybody.pk).active_roles == ()


# Invitations


def asked(actor, **parts):
    usual = {"email": "New@Example.org ", "display_name": "Nouvelle", "kind": "officer"}
    return invite(actor=actor, **usual | parts)


def test_an_invitation_is_refused_to_an_address_that_has_an_account_or_an_open_one(administrator):
    user_with(email="held@example.org")
    with pytest.raises(RuleViolation, match=r"held@example\.org has an account already") as refused:
        asked(administrator, email=" HELD@example.org")
    assert refused.value.field == "email"

    assert asked(administrator).email == "new@example.org"
    with pytest.raises(RuleViolation, match="holds an open invitation already"):
        asked(administrator)
    with pytest.raises(RuleViolation, match="ended before it starts") as refused:
        asked(administrator, kind="auditor", role_ends_on=timezone.localdate() - timedelta(days=1))
    assert refused.value.field == "role_ends_on"


def test_an_invitation_opens_one_account_and_then_no_more(administrator):
    invitation = asked(administrator)
    with pytest.raises(RuleViolation) as refused:
        accept_invitation(invitation=invitation, display_name="Nouvelle", password="1234")
    assert refused.value.field == "password"

    user = accept_invitation(invitation=invitation, display_name=" Nouvelle ", password="un long mot de passe 7")

    assert (user.display_name, [role.kind for role in user.roles.all()]) == ("Nouvelle", ["officer"])
    invitation = Invitation.objects.get(pk=invitation.pk)
    with pytest.raises(RuleViolation, match="was accepted: end the role instead"):
        revoke_invitation(invitation=invitation, actor=administrator)
    with pytest.raises(RuleViolation, match="ask for a new one"):
        accept_invitation(invitation=invitation, display_name="X", password="un long mot de passe 7")


def test_an_account_opened_meanwhile_is_not_opened_twice(administrator):
    invitation = asked(administrator)
    user_with(email="new@example.org")

    with pytest.raises(RuleViolation, match="There is an account with this address already"):
        accept_invitation(invitation=invitation, display_name="X", password="un long mot de passe 7")


def test_a_mail_that_never_arrived_is_said_on_its_invitation_by_motrice_itself(administrator):
    invitation = asked(administrator)

    invitation_missed(invitation_pk=invitation.pk, reason="no such mailbox", actor=None)

    assert Invitation.objects.get(pk=invitation.pk).missed == "no such mailbox"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.actor) == ("invitation.mail_missed", system_user())


# Accounts


def test_closing_an_account_ends_its_roles_tokens_invitations_and_emergency_access(administrator):
    leaving, today = user_with("administrator"), timezone.localdate()
    token, secret = create_token(actor=leaving, name="x", scopes=known_scopes()[:1], expires_on=today)
    asked(leaving)
    open_emergency(actor=leaving, reason=REASON)
    with pytest.raises(RuleViolation, match=r"an account for .* already"):
        create_user(email=leaving.email.upper(), display_name="X", actor=administrator)

    close_user(user=leaving, actor=administrator, reason="left")

    assert User.objects.get(pk=leaving.pk).is_active is False
    assert set(RoleAssignment.objects.filter(user=leaving).values_list("ends_on", flat=True)) == {today}
    assert find_token(secret) is None
    assert ApiToken.objects.get(pk=token.pk).revoked_at is not None
    assert not Invitation.objects.open().filter(invited_by=leaving).exists()
    assert not EmergencyAccess.objects.current().filter(user=leaving).exists()


# Break-glass


def test_an_emergency_is_reasoned_once_at_a_time_and_closed_by_its_own(administrator):
    with pytest.raises(RuleViolation, match="Say in a sentence") as refused:
        open_emergency(actor=administrator, reason="urgent")
    assert refused.value.field == "reason"
    access = open_emergency(actor=administrator, reason=f" {REASON} ")
    with pytest.raises(RuleViolation, match="close it first"):
        open_emergency(actor=administrator, reason=REASON)
    with pytest.raises(NotPermitted, match="another administrator's"):
        close_emergency(access=access, actor=user_with("officer"))

    close_emergency(access=access, actor=administrator)

    assert access.reason == REASON
    assert not EmergencyAccess.objects.current().exists()
    assert verbs() == ["emergency.close"]


# Tokens, calendars, follows


def test_a_token_needs_known_scopes_and_ends_within_a_year(anybody):
    today, scopes = timezone.localdate(), known_scopes()[:1]
    for wrong in ([], ["moon:read"]):
        with pytest.raises(RuleViolation, match="Choose among these scopes"):
            create_token(actor=anybody, name="x", scopes=wrong, expires_on=today)
    for day in (today - timedelta(days=1), today + timedelta(days=367)):
        with pytest.raises(RuleViolation, match="for a year at most"):
            create_token(actor=anybody, name="x", scopes=scopes, expires_on=day)


def test_a_token_is_found_by_its_secret_until_it_is_revoked_and_revoked_once(anybody):
    token, secret = create_token(
        actor=anybody, name=" script ", scopes=known_scopes()[:1], expires_on=timezone.localdate()
    )
    assert (find_token(secret), token.name) == (token, "script")
    assert ApiToken.objects.get(pk=token.pk).last_used_at is not None

    first = revoke_token(token=token, actor=anybody).revoked_at
    entries = AuditEntry.objects.count()

    assert find_token(secret) is find_token("none") is None
    assert revoke_token(token=token, actor=anybody).revoked_at == first
    assert AuditEntry.objects.count() == entries


def test_an_unknown_calendar_is_refused_with_the_known_ones(anybody):
    with pytest.raises(RuleViolation, match=r"Choose one of .*docket") as refused:
        make_calendar_address(kind="moon", actor=anybody)
    assert refused.value.field == "kind"


def test_a_record_is_followed_once_and_no_longer(anybody):
    unit = OrganisationFactory(unit=True)

    assert [set_follow(record=unit, actor=anybody, follows=wanted) for wanted in (True, True, False, False)] == [
        True, False, True, False,
    ]  # fmt: skip
    assert not Follow.objects.filter(user=anybody).exists()
    assert verbs() == ["follow.stop"]


# Seeing as another


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "officer", "reason": " "}, "reason"),
        ({}, "person"),
        ({"kind": "officer", "person": "other"}, "person"),
        ({"person": "self"}, "person"),
        ({"person": "closed"}, "person"),
        ({"kind": "astronaut"}, "kind"),
        ({"kind": "officer", "on": "hidden"}, "record"),
    ],
)
def test_one_sees_as_one_open_account_or_one_known_role_on_what_one_may_see(asked, field):
    actor, hidden = user_with("coordinator"), OrganisationFactory(unit=True, level=Level.CIRCLE)
    closed, other = user_with(), user_with()
    close_user(user=closed, actor=system_user(), reason="left")
    named = {"self": actor, "closed": closed, "other": other, "hidden": hidden}
    parts = {"reason": REASON} | {key: named.get(value, value) for key, value in asked.items()}

    with pytest.raises(RuleViolation) as refused:
        start_view_as(actor=actor, **parts)

    assert refused.value.field == field


def test_a_person_closed_or_a_role_without_its_account_is_seen_no_longer():
    actor, person = user_with("administrator"), user_with()
    seen = start_view_as(actor=actor, reason=REASON, person=person)
    role = start_view_as(actor=actor, reason=REASON, kind="officer")
    assert viewed_actor(actor, seen) == person
    assert viewed_actor(actor, role).display_name
    close_user(user=person, actor=system_user(), reason="left")
    somebody().delete()

    assert viewed_actor(actor, seen) is None
    assert viewed_actor(actor, role) is None
    assert viewed_actor(person, role) is None


def test_a_role_that_has_ended_keeps_its_last_day():
    system, today = system_user(), timezone.localdate()
    held = {"starts_on": today - timedelta(days=90), "ends_on": today - timedelta(days=30)}
    role = grant_role(user=user_with(), kind="officer", actor=system, **held)

    with pytest.raises(RuleViolation, match="ended already"):
        end_role(role=role, actor=system)

    role.refresh_from_db()
    assert role.ends_on == today - timedelta(days=30)


def test_a_closed_account_has_no_role_to_come_and_is_given_none():
    system, person = system_user(), user_with()
    grant_role(user=person, kind="officer", actor=system, starts_on=timezone.localdate() + timedelta(days=1))

    close_user(user=person, actor=system, reason="left")

    assert not RoleAssignment.objects.filter(user=person).exists()
    with pytest.raises(RuleViolation, match="is closed"):
        grant_role(user=person, kind="legal", actor=system)
