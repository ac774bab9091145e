"""A process of its own that is killed in the middle of its work (SIGKILL): nothing of it can clean up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
START = "import django; django.setup()\nimport sys, time\n"
HERE = "print('here', flush=True); time.sleep(120)"
"""What the work says where it is to be killed."""


def killed_at_work(script: str) -> None:
    """Run a script on the database of the test until it says `HERE`, then kill it there."""
    held = connection.settings_dict
    address = f"postgres://{held['USER']}:{held['PASSWORD']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    surroundings = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "motrice.config.settings_test",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    paths = f"from django.conf import settings\nsettings.SEARCH_ROOT = {str(settings.SEARCH_ROOT)!r}\n"
    paths += f"settings.MEDIA_ROOT = {str(settings.MEDIA_ROOT)!r}\n"
    command = [sys.executable, "-c", START + paths + script]
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.kill()
    assert said == "here\n", "it ended before"
