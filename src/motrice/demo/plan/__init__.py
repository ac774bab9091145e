"""The demonstration world as plain dataclasses, computed from a size and a seed before anything is written."""
