"""Pages of the need desk."""
