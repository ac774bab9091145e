"""Readers of public registers; loaded at start."""

from motrice.directory.importers import anr, cordis, ilab, mechanisms, rnsr, ror

__all__ = ["anr", "cordis", "ilab", "mechanisms", "rnsr", "ror"]
