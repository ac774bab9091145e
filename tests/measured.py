"""A plugin of pytest (`-p tests.measured`): notes what the tests run of the layers that have a floor.

It is loaded before Django is, in the first process and in each worker, for Django's start imports most modules.
"""

from __future__ import annotations

import os
import shutil

import pytest

from scripts.coverage_floor import RECORDS, layers_of
from scripts.marks import Record

RECORD = Record()
RECORD.watch(lambda path: bool(layers_of(path)))
if "PYTEST_XDIST_WORKER" not in os.environ:  # the first process, before it starts any worker
    shutil.rmtree(RECORDS, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Leave what ran in this process for `scripts/coverage_floor.py`."""
    RECORD.write(RECORDS)
