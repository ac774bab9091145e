"""Readers of patent files; loaded at start."""

from motrice.portfolio.importers import patents

__all__ = ["patents"]
