"""Template tags of the house: `{% load web %}`."""
