"""The rights of every role on every model, compared with the approved table, and the dates of roles."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motrice.accounts.enums import RoleKind
from motrice.accounts.models import RoleAssignment, User
from motrice.core.policies import actions_of, registered
from tests.directory.factories import user_with
from tests.rights.table import FILE, allowed, somebody, table
from tests.rights.world import build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world(settings, tmp_path):
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    return build()


def test_every_right_is_the_one_approved(world, request):
    missing = {model._meta.label for model in registered()} - {model._meta.label for model in world.names}
    assert not missing, "name a row of these in tests/rights/world.py"

    found = table(world)

    if request.config.getoption("write_rights"):
        FILE.write_text(found, encoding="utf-8")
    assert found == FILE.read_text(encoding="utf-8"), "read the difference, then run with --write-rights"


@pytest.mark.parametrize("days", [(-10, -1), (1, None)], ids=["ended", "to come"])
def test_a_role_that_is_over_or_to_come_gives_nothing(world, days):
    today, first, last = timezone.localdate(), *days
    user = user_with()
    places = [("site", None), ("directory.organisation", world.holdings["the team asked"].pk)]
    for kind in RoleKind:
        for label, pk in places:
            RoleAssignment.objects.create(
                user=user,
                kind=kind,
                scope_label=label,
                scope_pk=pk,
                starts_on=today + timedelta(days=first),
                ends_on=None if last is None else today + timedelta(days=last),
            )
    dated = User.objects.get(pk=user.pk)

    different = [
        f"{model._meta.label} {action}"
        for model in registered()
        for action in actions_of(model)
        if allowed(world, dated, model, action) != allowed(world, somebody(), model, action)
    ]

    assert different == []
