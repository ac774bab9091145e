"""The need desk: what companies need, who can answer it, and what network and companies made of it."""
