"""Services outside the house: each with a timeout, typed errors, and never inside a transaction."""
