"""Every component on one page, for development and for the accessibility check; not mounted on a real site."""
