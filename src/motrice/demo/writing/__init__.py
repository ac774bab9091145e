"""Writing an invented world through the operations and the recorder."""
