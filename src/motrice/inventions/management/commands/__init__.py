"""Commands of the inventions."""
