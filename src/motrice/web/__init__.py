"""Templates, components, static files and view helpers shared by every app."""
