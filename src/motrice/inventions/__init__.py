"""Inventions: what researchers disclose, who made it, how it is judged, and what is decided."""
