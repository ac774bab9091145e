"""Forms of the portfolio, a module for each of its areas."""
