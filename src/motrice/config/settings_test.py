"""Settings of the tests: quick hashing, mail in memory, jobs at once, files in a temporary folder."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("MOTRICE_DEBUG", "1")
os.environ.setdefault("MOTRICE_VAR", tempfile.mkdtemp(prefix="motrice-tests-"))

from motrice.config.settings import *  # noqa: F403 - the variables above must be set first
from motrice.config.settings import VAR

DEBUG = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MEDIA_ROOT = VAR / "files"
Path(VAR).mkdir(parents=True, exist_ok=True)
