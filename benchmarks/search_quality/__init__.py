"""How good the answers of `motrice.engines.search` are, against plain BM25, PostgreSQL, SQLite and BM25 voting."""
