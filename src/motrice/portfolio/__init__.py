"""The portfolio: assets of every kind, their owners by date, their filings, their docket and what steers them."""
