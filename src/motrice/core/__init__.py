"""Domain-neutral rules of the house: errors, policies, transitions, audit, catalogue."""
