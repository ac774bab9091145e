"""Other ways to say the words of a question: translations, synonyms, cognates, misspellings."""

from functools import lru_cache

import numpy as np

from motrice.engines.search.documents import LANGUAGES
from motrice.engines.search.groups import Alternative, Group, Phrase
from motrice.engines.search.lexicon import translate, translate_text
from motrice.engines.search.lexicon.acronyms import Form, other_forms
from motrice.engines.search.snapshot import Snapshot
from motrice.engines.search.statistics import CallerStatistics
from motrice.engines.search.text import Analyzer, fold, is_stopword, words_of
from motrice.engines.search.tuning import Tuning


def expand(
    text: str,
    groups: dict[str, Group],
    language: str | None,
    snapshot: Snapshot,
    caller: CallerStatistics,
    analyzer: Analyzer,
    tuning: Tuning,
    *,
    synonyms: bool,
) -> None:
    """Offer alternatives to the groups of a question, given by word."""
    sources = [language] if language else list(LANGUAGES)
    for source in sources:
        add_translations(text, groups, source, snapshot, caller, analyzer, tuning)
        if tuning.abbreviation_weight:
            add_abbreviations(text, groups, source, snapshot, analyzer, tuning)
    if synonyms and language and tuning.synonym_weight:
        add_synonyms(groups, language, snapshot, analyzer, tuning)
    add_lookalikes(groups, sources, snapshot, caller, analyzer, tuning)


def add_translations(
    text: str,
    groups: dict[str, Group],
    source: str,
    snapshot: Snapshot,
    caller: CallerStatistics,
    analyzer: Analyzer,
    tuning: Tuning,
) -> None:
    """Offer what the lexicon says in the other language; a term of several words is shared among its groups."""
    target = "en" if source == "fr" else "fr"
    code = LANGUAGES.index(target) + 1
    numbers = snapshot.vocabulary.numbers
    for chunk, translations in translate_text(text[: tuning.max_query_chars], source):
        touched = [groups[word] for word in dict.fromkeys(words_of(chunk)) if word in groups]
        for phrase, likelihood in translations[: tuning.translation_limit]:
            stems = [analyzer.stem(w, target) for w in words_of(phrase) if not is_stopword(w, target)]
            known = [numbers[stem] for stem in stems if stem in numbers]
            if not known:
                continue
            weight = tuning.translation_weight * likelihood / len(stems)
            for group in touched:
                for number in known:
                    group.offer(Alternative(number, weight, "translation", code))


def add_abbreviations(
    text: str, groups: dict[str, Group], source: str, snapshot: Snapshot, analyzer: Analyzer, tuning: Tuning
) -> None:
    """Offer the short forms of the terms of a question and the terms behind its short forms, in both languages."""
    numbers = snapshot.vocabulary.numbers
    for chunk, own, forms in other_forms(text[: tuning.max_query_chars], source):
        touched = [groups[word] for word in dict.fromkeys(words_of(chunk)) if word in groups]
        for form in forms:
            how = "abbreviation" if form.is_short or form.language == own else "translation"
            full = tuning.abbreviation_weight if how == "abbreviation" else tuning.translation_weight
            for language, words in words_by_language(form):
                code = LANGUAGES.index(language) + 1
                stems = [analyzer.stem(word, language) for word in words if not is_stopword(word, language)]
                terms = tuple(numbers[stem] for stem in stems if stem in numbers)
                if not terms or len(terms) < len(stems):
                    continue
                for group in touched:
                    if len(terms) == 1:
                        group.offer(Alternative(terms[0], full, how, code))
                    else:
                        group.offer_phrase(Phrase(form.text, terms, full, how, code))


def words_by_language(form: Form) -> list[tuple[str, list[str]]]:
    """Return the words of a form by language of the texts where it stands: French ones take English short forms."""
    if not form.is_short:
        return [(form.language, words_of(form.text))]
    if form.is_word:
        return []
    word = words_of(form.text)[-1]
    return [(language, [word]) for language in LANGUAGES if language == form.language or form.language == "en"]


def add_synonyms(
    groups: dict[str, Group], language: str, snapshot: Snapshot, analyzer: Analyzer, tuning: Tuning
) -> None:
    """Offer words that the other language says by the same word: there and back again through the lexicon."""
    code = LANGUAGES.index(language) + 1
    numbers = snapshot.vocabulary.numbers
    for word, group in groups.items():
        own = {alternative.term for alternative in group.alternatives.values()}
        for other, share in there_and_back(word, language, tuning.synonym_floor)[: tuning.synonym_limit]:
            number = numbers.get(analyzer.stem(other, language))
            if number is not None and number not in own:
                group.offer(Alternative(number, tuning.synonym_weight * share, "synonym", code))


@lru_cache(maxsize=50_000)
def there_and_back(word: str, language: str, floor: float) -> tuple[tuple[str, float], ...]:
    """Return single words that share a translation with a word, the surest first."""
    target = "en" if language == "fr" else "fr"
    found: dict[str, float] = {}
    for there, likelihood in translate(word, language)[:3]:
        for back, again in translate(there, target)[:5]:
            if min(likelihood, again) >= floor and " " not in back and back != word:
                found[back] = max(found.get(back, 0.0), likelihood * again)
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def add_lookalikes(
    groups: dict[str, Group],
    sources: list[str],
    snapshot: Snapshot,
    caller: CallerStatistics,
    analyzer: Analyzer,
    tuning: Tuning,
) -> None:
    """Offer words of the collection that look like those found neither as typed nor in translation."""
    spelling = snapshot.spelling
    if spelling is None:
        return
    names = snapshot.vocabulary.terms
    said = [a.term for group in groups.values() for a in group.alternatives.values()]
    frequency_of = dict(zip(said, caller.frequencies(np.array(said, dtype=np.uint32)).tolist(), strict=True))
    tried = cognates = 0
    for word, group in groups.items():
        if tried >= tuning.spelling_max_words:
            return
        if len(word) < 5 or any(c.isdigit() for c in word):
            continue
        # What only hidden documents say must not keep the look-alikes of the others away. What is not counted is a
        # look-alike that another form of the same word was given just now.
        hows = {a.how for a in group.alternatives.values() if frequency_of.get(a.term, 1)}
        own = {a.term for a in group.alternatives.values() if a.how == "same"}
        misspelt = not any(frequency_of[term] for term in own) and "translation" not in hows
        foreign = "translation" not in hows and len(sources) == 1
        if not misspelt and (not foreign or cognates >= tuning.cognate_max_words):
            continue
        tried += 1
        cognates += not misspelt
        stem = analyzer.stem(fold(word), sources[0])
        floor = tuning.spelling_floor
        for number, likeness in spelling.similar(stem, names, caller, floor, tuning.spelling_limit):
            if number in own:
                continue
            if misspelt:
                group.offer(Alternative(number, tuning.spelling_weight * likeness, "spelling"))
            else:
                other = LANGUAGES.index("en" if sources[0] == "fr" else "fr") + 1
                group.offer(Alternative(number, tuning.cognate_weight * likeness, "cognate", other))
