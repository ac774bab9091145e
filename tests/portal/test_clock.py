"""`motrice clock` runs each of the clocks in turn, so that one process is enough for all that is due."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from motrice.portfolio.models import Deadline
from tests.portfolio.factories import application_of, asset_of, world

pytestmark = pytest.mark.django_db


def test_one_run_says_what_each_clock_did_and_works_out_the_docket(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"
    place = world()
    application_of(place, asset_of(place), filed_on=date(2022, 6, 15))
    Deadline.objects.all().delete()
    printed = StringIO()

    call_command("clock", stdout=printed)

    lines = printed.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines] == ["desk-clock", "disclosure-clock", "docket-clock"]
    assert Deadline.objects.exists()


@pytest.mark.parametrize("name", ["clock", "desk-clock", "disclosure-clock", "docket-clock"])
def test_how_often_is_a_whole_number_of_minutes(name):
    with pytest.raises(CommandError, match="whole number of minutes"):
        call_command(name, "--every", "0")
