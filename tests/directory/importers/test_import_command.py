"""The command that imports: it previews, writes and undoes, and what a kill leaves of it is written once."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from motrice.accounts.operations.users import system_user
from motrice.core.errors import InvalidTransition
from motrice.core.imports_runs import State, purge, tally
from motrice.core.models import ImportRun
from motrice.directory.models import Organisation
from tests.database import first_file, load_catalogue
from tests.directory.importers.test_imports import line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    load_catalogue()


def test_the_command_previews_writes_and_undoes(tmp_path, capsys):
    path = tmp_path / "names.jsonl"
    path.write_text("\n".join(json.dumps(line(number, f"Université {number}")) for number in (1, 2)))

    call_command("import", "ror", str(path), "--dry-run")
    assert "create open: 2" in capsys.readouterr().out
    assert not ImportRun.objects.exists()

    call_command("import", "ror", str(path), "--accept-all")
    assert Organisation.objects.count() == 2
    run = ImportRun.objects.get()
    with pytest.raises(InvalidTransition):
        purge(run)
    call_command("import", "--undo", run.reference)
    assert not Organisation.objects.exists()
    assert tally(ImportRun.objects.get(), system_user())["create"] == {State.DISMISSED: 2}
    with pytest.raises(CommandError, match="Name the sort"):
        call_command("import")


def test_a_trial_that_stops_is_not_to_be_resumed(tmp_path, capsys):
    path = tmp_path / "names.jsonl"
    path.write_text("{not json")

    with pytest.raises(CommandError) as trial:
        call_command("import", "ror", str(path), "--dry-run")
    with pytest.raises(CommandError, match="--resume"):
        call_command("import", "ror", str(path))

    assert "--resume" not in str(trial.value)
    assert ImportRun.objects.count() == 1


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="it works on a file of its own, beside any server")
def test_a_process_killed_while_writing_is_resumed_without_double(tmp_path):
    """A real process, a real kill: the database it leaves is whole, and the rest is written once."""
    path = tmp_path / "names.jsonl"
    path.write_text("\n".join(json.dumps(line(number, f"Université {number}")) for number in range(1, 4001)))
    database = shutil.copy(first_file(), tmp_path / "motrice.sqlite3")
    surroundings = {
        **os.environ,
        "MOTRICE_VAR": str(tmp_path),
        "MOTRICE_DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "motrice.config.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[3] / "src"),
    }
    command = [sys.executable, "-m", "motrice"]
    process = subprocess.Popen([*command, "import", "ror", str(path), "--accept-all"], env=surroundings)

    def count(question):
        try:
            with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
                return connection.execute(question).fetchone()[0]
        except sqlite3.OperationalError:
            return 0

    while process.poll() is None and count("SELECT count(*) FROM directory_organisation") < 1000:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    written = count("SELECT count(*) FROM directory_organisation")
    assert 1000 <= written < 4000
    reference = count("SELECT reference FROM core_importrun")
    subprocess.run([*command, "import", "--resume", reference], env=surroundings, check=True, capture_output=True)

    assert count("SELECT count(*) FROM directory_organisation") == 4000
    assert count("SELECT count(DISTINCT value) FROM directory_identifier") == 4000
    proof = subprocess.run([*command, "audit", "replay"], env=surroundings, check=True, capture_output=True, text=True)
    assert proof.returncode == 0
