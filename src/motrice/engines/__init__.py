"""Pure computation: no Django, nothing of the rest of Motrice."""
