"""Seal the secrets of the second factors that stand in the database as they are."""

from django.db import migrations

from motrice.accounts.sealing import seal, unseal

SEALED = "gAAAA"  # how every sealed text begins; no secret of a second factor does


def _change(apps, change):
    authenticators = apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"])
    for row in authenticators:
        for name in {"secret", "seed"} & set(row.data):
            row.data[name] = change(row.data[name])
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [change(code) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


def seal_all(apps, schema_editor):
    _change(apps, lambda text: text if text.startswith(SEALED) else seal(text))


def unseal_all(apps, schema_editor):
    _change(apps, lambda text: unseal(text) if text.startswith(SEALED) else text)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_feeds_are_the_desks"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(seal_all, unseal_all)]
