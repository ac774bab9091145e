"""The lists of the portfolio, declared once for the pages and for the API."""
