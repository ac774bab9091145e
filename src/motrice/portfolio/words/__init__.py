"""The portfolio in words: states, reasons, the docket, offices."""
