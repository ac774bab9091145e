"""The demonstration world: invented organisations, people, texts and needs on which every page can be tried."""
