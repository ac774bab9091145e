"""Each kind of column goes into the log and comes back without loss, in one form only."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import models
from django.utils.translation import gettext_lazy

from motrice.core.values import column_json, from_json, label_of, recorded_fields, to_json
from motrice.directory.models import Organisation, Unit

PARIS = ZoneInfo("Europe/Paris")
LOSSLESS = [
    (models.BooleanField(), True, True),
    (models.IntegerField(), -3, -3),
    (models.BigIntegerField(), 2**62, 2**62),
    (models.FloatField(), 0.1, 0.1),
    (models.DecimalField(max_digits=12, decimal_places=2), Decimal("1234.50"), "1234.50"),
    (models.CharField(max_length=20), "Éprouvette “1”", "Éprouvette “1”"),
    (models.TextField(), "ligne 1\nligne 2\t", "ligne 1\nligne 2\t"),
    (models.DateField(), date(2024, 2, 29), "2024-02-29"),
    (models.DateTimeField(), datetime(2024, 7, 1, 8, 30, 1, 5, tzinfo=UTC), "2024-07-01T08:30:01.000005+00:00"),
    (models.TimeField(), time(23, 59, 58), "23:59:58"),
    (models.DurationField(), timedelta(days=-2, seconds=5, microseconds=7), "-P1DT23H59M54.999993S"),
    (models.UUIDField(), UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    (models.BinaryField(), b"\x00\xff", "AP8="),
    (models.JSONField(), {"a": [1, None, {"b": "é"}]}, {"a": [1, None, {"b": "é"}]}),
    (models.URLField(), "https://example.org/?a=1", "https://example.org/?a=1"),
    (models.GenericIPAddressField(), "2001:db8::1", "2001:db8::1"),
    (models.FileField(), "needs/2024/plan.pdf", "needs/2024/plan.pdf"),
    (models.CharField(max_length=5, null=True), None, None),
]


@pytest.mark.parametrize(("column", "value", "logged"), LOSSLESS, ids=lambda part: type(part).__name__)
def test_a_value_comes_back_as_it_was(column, value, logged):
    column.set_attributes_from_name("value")

    assert column_json(column, value) == logged
    assert from_json(column, logged) == value


@pytest.mark.parametrize(
    ("column", "given", "logged"),
    [
        (models.IntegerField(), "3", 3),
        (models.BooleanField(), 1, True),
        (models.DecimalField(max_digits=12, decimal_places=2), Decimal("1.5"), "1.50"),
        (models.DecimalField(max_digits=12, decimal_places=2), "7", "7.00"),
        (models.DateField(), "2024-02-29", "2024-02-29"),
        (models.DateTimeField(), datetime(2024, 7, 1, 10, 30, tzinfo=PARIS), "2024-07-01T08:30:00+00:00"),
        (models.CharField(max_length=20), gettext_lazy("Public"), "Public"),
        (models.UUIDField(), "00000000000000000000000000000007", "00000000-0000-0000-0000-000000000007"),
        (models.JSONField(), {"on": date(2024, 2, 29), "sum": Decimal("1.50")}, {"on": "2024-02-29", "sum": "1.50"}),
    ],
    ids=lambda part: type(part).__name__,
)
def test_a_value_is_logged_as_the_database_gives_it_back(column, given, logged):
    column.set_attributes_from_name("value")

    assert column_json(column, given) == logged


def test_a_link_is_logged_as_the_key_it_holds():
    link = Organisation._meta.get_field("merged_into") if hasattr(Organisation, "merged_into") else None
    link = link or next(each for each in Organisation._meta.concrete_fields if each.is_relation)

    assert column_json(link, 12) == 12
    assert from_json(link, 12) == 12


def test_one_instant_has_one_text():
    assert to_json(datetime(2024, 7, 1, 10, 30, tzinfo=PARIS)) == to_json(datetime(2024, 7, 1, 8, 30, tzinfo=UTC))


def test_what_a_model_excludes_is_not_recorded():
    from motrice.accounts.models import User

    names = {column.attname for column in recorded_fields(User)}

    assert "email" in names
    assert names.isdisjoint({"password", "last_login"})


def test_a_proxy_is_known_by_its_table():
    assert label_of(Unit) == label_of(Organisation) == "directory.organisation"
