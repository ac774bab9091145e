"""Commands of the need desk."""
