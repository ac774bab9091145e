"""Texts that no database can keep are refused at the door of the API, in words."""

import pytest

from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import create_user, system_user
from motrice.directory.models import Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("bad", ["\\u0000", "\\ud800"])
def test_a_text_that_cannot_be_kept_is_refused_and_nothing_is_written(client, bad):
    user = create_user(email="carla@example.org", display_name="Carla", actor=system_user(), language="en")
    grant_role(user=user, kind="coordinator", actor=system_user())
    client.force_login(user)
    body = f'{{"given_name": "Ada{bad}", "family_name": "Verbrume"}}'

    response = client.post(
        "/api/v1/directory/people", body, content_type="application/json", headers={"Accept-Language": "en"}
    )

    assert response.status_code == 400
    assert "null character" in response.json()["message"]
    assert not Person.objects.exists()
