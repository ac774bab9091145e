"""Patent files read into the portfolio."""
