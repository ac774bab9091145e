import pytest

from motrice.engines.search.lexicon import translate, translate_text
from motrice.engines.search.lexicon.entries import LexiconError, fold, pairs, read_lines
from motrice.engines.search.lexicon.morphology import guesses


def best(term, source):
    found = translate(term, source)
    return found[0][0] if found else None


def targets(term, source):
    return {target for target, _ in translate(term, source)}


def test_lexicon_holds_at_least_five_thousand_pairs_without_doubles():
    found = [(french, english) for french, english, _ in pairs()]

    assert len(set(found)) >= 5000


@pytest.mark.parametrize(
    ("term", "source", "expected"),
    [
        ("colle", "fr", "glue"),
        ("fissure", "fr", "crack"),
        ("revêtement", "fr", "coating"),
        ("usure", "fr", "wear"),
        ("froid", "fr", "cold"),
        ("cold", "en", "froid"),
        ("leak", "en", "fuite"),
        ("crack", "en", "fissure"),
        ("pile à combustible", "fr", "fuel cell"),
        ("machine learning", "en", "apprentissage automatique"),
        ("life cycle assessment", "en", "analyse du cycle de vie"),
    ],
)
def test_translate_gives_the_usual_equivalent(term, source, expected):
    assert expected in targets(term, source)


@pytest.mark.parametrize(
    ("inflected", "source", "expected"),
    [
        ("fissures", "fr", "crack"),
        ("canaux", "fr", "channel"),
        ("cherchons", "fr", "seek"),
        ("conçue", "fr", "design"),
        ("coûtent", "fr", "cost"),
        ("Piles à combustibles", "fr", "fuel cell"),
        ("leaks", "en", "fuite"),
        ("batteries", "en", "batterie"),
        ("fuel-cells", "en", "pile à combustible"),
        ("worn", "en", "usé"),
    ],
)
def test_translate_knows_inflected_forms(inflected, source, expected):
    assert expected in targets(inflected, source)


@pytest.mark.parametrize("term", ["revetement", "etancheite", "pile a combustible", "matériau", "materiau"])
def test_translate_needs_no_accents(term):
    assert translate(term, "fr")


def test_translate_tells_words_apart_by_their_accents():
    assert best("marché", "fr") == "market"
    assert best("tâche", "fr") == "task"
    assert best("sûr", "fr") == "safe"


@pytest.mark.parametrize(
    ("word", "source", "expected"),
    [
        ("électrophorèse", "fr", "electrophoresis"),
        ("lithotritie", "fr", "lithotrity"),
        ("glycobiologie", "fr", "glycobiology"),
        ("ferroélectricité", "fr", "ferroelectricity"),
        ("spectrophotométrie", "fr", "spectrophotometry"),
        ("magnétorésistif", "fr", "magnetoresistive"),
        ("ferroelectricity", "en", "ferroelectricite"),
        ("spectrophotometry", "en", "spectrophotometrie"),
    ],
)
def test_words_of_no_list_are_derived_by_rule(word, source, expected):
    assert expected in dict(guesses(fold(word), source))
    assert expected in targets(word, source)


def test_derived_words_are_limited_to_a_known_vocabulary():
    found = translate("glycobiologie", "fr", known={"glycobiology"}.__contains__)

    assert [target for target, _ in found] == ["glycobiology"]


def test_weights_fall_and_never_exceed_one():
    for term in ("fournir", "entraîner", "colle", "support"):
        weights = [weight for _, weight in translate(term, "fr")]
        assert weights == sorted(weights, reverse=True)
        assert all(0 < weight <= 1 for weight in weights)


def test_text_is_taken_by_its_longest_terms():
    found = translate_text("Une fuite d’huile sur des roulements à billes", "fr")

    assert [(term, equivalents[0][0]) for term, equivalents in found] == [
        ("fuite d’huile", "oil leak"),
        ("roulements à billes", "ball bearing"),
    ]


def test_text_keeps_words_without_equivalent_and_leaves_out_function_words():
    found = translate_text("le XKZ42 avec les capteurs", "fr")

    assert found[0] == ("XKZ42", [])
    assert found[1][0] == "capteurs"
    assert len(found) == 2


def test_english_text_is_translated_into_french():
    found = dict(translate_text("Low-cost sensors that detect water leaks", "en"))

    assert found["water leaks"][0][0] == "fuite d'eau"
    assert "capteur" in {target.rstrip("s") for target, _ in found["sensors"]}


@pytest.mark.parametrize("empty", ["", "   ", "!!", "de la"])
def test_nothing_to_translate_gives_nothing(empty):
    assert translate_text(empty, "fr") == []


def test_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="'fr' or 'en'"):
        translate("glue", "de")
    with pytest.raises(ValueError, match="'de'"):
        translate_text("glue", "de")


@pytest.mark.parametrize("term", ["", "  ", "' -", "xkz zzk"])
def test_a_term_of_no_known_word_has_no_equivalent(term):
    assert translate(term, "fr") == []


def test_words_that_join_are_left_out_of_an_unlisted_term():
    assert translate("de la colle", "fr") == translate("colle", "fr")


def test_a_derived_word_that_the_vocabulary_lacks_is_not_given():
    assert "microsensor" in targets("microcapteur", "fr")
    assert translate("microcapteur", "fr", known={"laser"}.__contains__) == []


@pytest.mark.parametrize("line", ["colle glue", "colle =", "= glue", "colle = glue,, adhesive"])
def test_unreadable_line_of_a_term_file_is_named(line):
    with pytest.raises(LexiconError, match=r"materials\.txt, line 2"):
        list(read_lines("# terms\n" + line, "materials.txt"))
