"""Motrice runs technology transfer and partnership research for public research institutions and their networks."""

__version__ = "0.1.0"
