"""A bilingual lexicon of science, engineering, health, industry and technology transfer, French and English.

It is a list of plain facts (one French term, its English equivalents, likeliest first) in `terms/`, written for
Motrice, with rules of derivation for the learned words that no list holds. It knows nothing of any index.
"""

from motrice.engines.search.lexicon.translation import translate, translate_text

__all__ = ["translate", "translate_text"]
