"""Settings of the tests: quick hashing, mail in memory, jobs at once, files in a temporary folder.

The database is the one of `DATABASE_URL`, SQLite in a file when there is none. No other variable of the surroundings
counts: a test finds the same thing on every machine.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

KEPT = {"MOTRICE_SHARED_DATA", "MOTRICE_CHROMIUM"}
for name in [name for name in os.environ if name.startswith("MOTRICE_") and name not in KEPT]:
    del os.environ[name]
os.environ["MOTRICE_DEBUG"] = "1"
os.environ["MOTRICE_VAR"] = tempfile.mkdtemp(prefix="motrice-tests-")
atexit.register(shutil.rmtree, os.environ["MOTRICE_VAR"], ignore_errors=True)

from motrice.config.settings import *  # noqa: E402, F403 - the variables above must be set first
from motrice.config.settings import DATABASES, VAR  # noqa: E402 - as above

DEBUG = False
LANGUAGE_CODE = "en"  # the words of the source; a test of French asks for it
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MEDIA_ROOT = VAR / "files"
SECOND_FACTOR = False
WHITENOISE_AUTOREFRESH = True  # else each client of each test lists every static file
Path(VAR, "static").mkdir(parents=True, exist_ok=True)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file rather than memory: threads and the live server then lock each other out as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "tests.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
