"""The secrets of the second factor: unreadable in the database, and read again under an earlier key."""

import importlib

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from motrice.accounts.operations.users import create_user, system_user
from motrice.accounts.sealing import seal, unseal

pytestmark = pytest.mark.django_db
migration = importlib.import_module("motrice.accounts.migrations.0005_seal_second_factors")


@pytest.fixture
def user():
    return create_user(email="a@example.org", display_name="A", actor=system_user())


def test_no_secret_of_a_second_factor_stands_in_the_database(user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user)

    kept = {row.type: row.data for row in Authenticator.objects.all()}

    assert secret not in str(kept)
    assert unseal(kept["totp"]["secret"]) == secret
    assert kept["recovery_codes"]["seed"].startswith("gAAAA")
    assert len(codes.get_unused_codes()) == 10


def test_an_earlier_key_still_opens_what_it_sealed(settings):
    sealed = seal("secret")
    earlier = settings.SECRET_KEY
    settings.SECRET_KEY = "another long secret key of the site"

    with pytest.raises(ImproperlyConfigured, match="MOTRICE_OLD_SECRET_KEYS"):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [earlier]

    assert unseal(sealed) == "secret"
    assert seal("secret") != sealed


def test_the_migration_seals_what_stood_open_once_and_can_be_taken_back(user):
    Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    Authenticator.objects.create(user=user, type="recovery_codes", data={"migrated_codes": ["12345678"]})

    migration.seal_all(apps, None)
    migration.seal_all(apps, None)
    sealed = [row.data for row in Authenticator.objects.order_by("pk")]
    migration.unseal_all(apps, None)

    assert unseal(sealed[0]["secret"]) == "JBSWY3DPEHPK3PXP"
    assert [unseal(code) for code in sealed[1]["migrated_codes"]] == ["12345678"]
    assert Authenticator.objects.get(type="totp").data == {"secret": "JBSWY3DPEHPK3PXP"}
