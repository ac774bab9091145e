#!/usr/bin/env python
"""Run Motrice's management commands from a checkout, without installing it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from motrice.__main__ import main

if __name__ == "__main__":
    main()
