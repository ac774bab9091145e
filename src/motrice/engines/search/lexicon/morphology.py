"""Guess the other language's form of a learned word from its suffix, for the words no list holds.

French and English share most of their scientific vocabulary, written with regular differences of ending
(-ité/-ity, -ique/-ic, -phorèse/-phoresis). A guess may not be a word: callers keep those their vocabulary knows.
"""

from functools import lru_cache

# (French ending, English endings, likeliest first), on words without accents and in the singular. The longest
# French ending that fits decides; English endings are looked up the same way in the other direction.
ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("isation", ("ization", "isation")),
    ("isations", ("izations",)),
    ("iser", ("ize", "ise")),
    ("isant", ("izing", "ising")),
    ("isante", ("izing",)),
    ("ise", ("ized", "ised", "ise", "ize")),
    ("isee", ("ized", "ised")),
    ("iseur", ("izer", "iser")),
    ("yser", ("yze", "yse")),
    ("yseur", ("yzer", "yser")),
    ("lyse", ("lysis", "lyze")),
    ("ifier", ("ify",)),
    ("ifie", ("ified", "ify")),
    ("ifiee", ("ified",)),
    ("ifiant", ("ifying",)),
    ("iquement", ("ically",)),
    ("ellement", ("ally",)),
    ("alement", ("ally",)),
    ("ivement", ("ively",)),
    ("ablement", ("ably",)),
    ("iblement", ("ibly",)),
    ("ement", ("ement", "ely", "ly")),
    ("amment", ("antly",)),
    ("emment", ("ently",)),
    ("ment", ("ment", "ly")),
    ("ationnel", ("ational",)),
    ("ionnel", ("ional",)),
    ("ionnelle", ("ional",)),
    ("iel", ("ial",)),
    ("ielle", ("ial",)),
    ("uel", ("ual",)),
    ("uelle", ("ual",)),
    ("el", ("al", "el")),
    ("elle", ("al", "el")),
    ("ale", ("al", "ale")),
    ("aux", ("al", "als")),
    ("al", ("al",)),
    ("abilite", ("ability",)),
    ("ibilite", ("ibility",)),
    ("ite", ("ity", "ite", "itis")),
    ("ete", ("ety", "ete")),
    ("te", ("ty", "te")),
    ("logie", ("logy",)),
    ("graphie", ("graphy",)),
    ("metrie", ("metry",)),
    ("therapie", ("therapy",)),
    ("pathie", ("pathy",)),
    ("scopie", ("scopy",)),
    ("tomie", ("tomy",)),
    ("nomie", ("nomy",)),
    ("emie", ("emia", "aemia", "emy")),
    ("urie", ("uria",)),
    ("algie", ("algia",)),
    ("plasie", ("plasia",)),
    ("ie", ("y", "ia", "ie")),
    ("phorese", ("phoresis",)),
    ("these", ("thesis",)),
    ("genese", ("genesis",)),
    ("nese", ("nesis",)),
    ("ese", ("esis", "ese")),
    ("ose", ("osis", "ose")),
    ("ase", ("ase", "asis")),
    ("ome", ("ome", "oma")),
    ("gene", ("gen", "genic", "gene")),
    ("ene", ("ene", "en")),
    ("yle", ("yl", "yle")),
    ("mere", ("mer",)),
    ("metre", ("meter", "metre")),
    ("metrique", ("metric",)),
    ("graphe", ("graph", "grapher")),
    ("logue", ("logist", "log", "logue")),
    ("ogue", ("og", "ogue")),
    ("ique", ("ic", "ical", "ics", "ique")),
    ("iques", ("ics", "ic", "ical")),
    ("aque", ("ac", "aque")),
    ("que", ("c", "k", "que")),
    ("isme", ("ism",)),
    ("asme", ("asm",)),
    ("iste", ("ist", "istic")),
    ("ateur", ("ator",)),
    ("atrice", ("ator",)),
    ("teur", ("tor", "ter")),
    ("trice", ("tor",)),
    ("seur", ("sor", "ser")),
    ("eur", ("or", "er", "our")),
    ("euse", ("ous", "er")),
    ("eux", ("ous",)),
    ("aire", ("ary", "ar", "aire")),
    ("oire", ("ory", "or", "oire")),
    ("if", ("ive",)),
    ("ive", ("ive",)),
    ("ante", ("ant", "ing")),
    ("ant", ("ant", "ing", "ating")),
    ("ente", ("ent",)),
    ("ent", ("ent",)),
    ("ance", ("ance", "ancy")),
    ("ence", ("ence", "ency")),
    ("cien", ("cian",)),
    ("cienne", ("cian",)),
    ("ien", ("ian",)),
    ("ienne", ("ian",)),
    ("ain", ("an", "ain")),
    ("aine", ("an", "ain", "aine")),
    ("ateurs", ("ators",)),
    ("ation", ("ation",)),
    ("tion", ("tion",)),
    ("ion", ("ion",)),
    ("age", ("age", "ing")),
    ("ure", ("ure",)),
    ("ude", ("ude",)),
    ("able", ("able",)),
    ("ible", ("ible",)),
    ("tre", ("ter", "tre")),
    ("dre", ("der",)),
    ("bre", ("ber",)),
    ("cle", ("cle",)),
    ("ule", ("ule", "ula")),
    ("ole", ("ol", "ole")),
    ("ine", ("ine", "in")),
    ("ide", ("id", "ide")),
    ("yde", ("ide", "yde")),
    ("oide", ("oid",)),
    ("ode", ("ode", "od")),
    ("one", ("one", "on")),
    ("ane", ("ane", "an")),
    ("arde", ("ard",)),
    ("orme", ("orm",)),
    ("forme", ("form",)),
    ("ste", ("st",)),
    ("phe", ("ph", "phe")),
    ("gue", ("g", "gue")),
    ("ee", ("ed", "ee", "y", "ated")),
    ("er", ("e", "ate", "er", "")),
    ("ir", ("ish", "e", "")),
    ("e", ("e", "", "ed", "ated")),
    ("", ("",)),
)

# Prefixes of learned words, French and English, put before a word that a list holds.
PREFIXES: tuple[tuple[str, str], ...] = (
    ("aero", "aero"),
    ("agro", "agro"),
    ("anti", "anti"),
    ("auto", "self"),
    ("auto", "auto"),
    ("bi", "bi"),
    ("bio", "bio"),
    ("cardio", "cardio"),
    ("co", "co"),
    ("contre", "counter"),
    ("cryo", "cryo"),
    ("cyber", "cyber"),
    ("de", "de"),
    ("des", "de"),
    ("eco", "eco"),
    ("electro", "electro"),
    ("exo", "exo"),
    ("extra", "extra"),
    ("ferro", "ferro"),
    ("geo", "geo"),
    ("hydro", "hydro"),
    ("hyper", "hyper"),
    ("hypo", "hypo"),
    ("immuno", "immuno"),
    ("in", "in"),
    ("in", "un"),
    ("infra", "infra"),
    ("inter", "inter"),
    ("intra", "intra"),
    ("iso", "iso"),
    ("macro", "macro"),
    ("magneto", "magneto"),
    ("mega", "mega"),
    ("meta", "meta"),
    ("micro", "micro"),
    ("mini", "mini"),
    ("mono", "mono"),
    ("multi", "multi"),
    ("nano", "nano"),
    ("neuro", "neuro"),
    ("non", "non"),
    ("opto", "opto"),
    ("para", "para"),
    ("phono", "phono"),
    ("photo", "photo"),
    ("physio", "physio"),
    ("piezo", "piezo"),
    ("poly", "poly"),
    ("post", "post"),
    ("pre", "pre"),
    ("proto", "proto"),
    ("pseudo", "pseudo"),
    ("psycho", "psycho"),
    ("quasi", "quasi"),
    ("radio", "radio"),
    ("re", "re"),
    ("retro", "retro"),
    ("semi", "semi"),
    ("sous", "sub"),
    ("sous", "under"),
    ("spectro", "spectro"),
    ("sub", "sub"),
    ("super", "super"),
    ("supra", "supra"),
    ("sur", "over"),
    ("tele", "tele"),
    ("thermo", "thermo"),
    ("trans", "trans"),
    ("tri", "tri"),
    ("ultra", "ultra"),
    ("uni", "uni"),
    ("vibro", "vibro"),
    ("video", "video"),
)

_SHORTEST_ROOT = 3
_SHORTEST_REST = 4


def _english_to_french() -> dict[str, tuple[str, ...]]:
    ranked: dict[str, list[tuple[int, int, str]]] = {}
    for place, (french, endings) in enumerate(ENDINGS):
        if french.endswith("s"):
            continue
        for rank, english in enumerate(endings):
            ranked.setdefault(english, []).append((rank, place, french))
    return {english: tuple(french for _, _, french in sorted(found)) for english, found in ranked.items()}


_TO_ENGLISH = dict(ENDINGS)
_TO_FRENCH = _english_to_french()
_LONGEST = max(len(ending) for ending in (*_TO_ENGLISH, *_TO_FRENCH))
_ENDINGS_TRIED = 3


def _prefixes(source: str) -> dict[str, list[tuple[int, str]]]:
    """Return, for each prefix of a language, those of the other and the place of each in the table."""
    found: dict[str, list[tuple[int, str]]] = {}
    for place, (french, english) in enumerate(PREFIXES):
        mine, theirs = (french, english) if source == "fr" else (english, french)
        found.setdefault(mine, []).append((place, theirs))
    return found


_PREFIXES = {source: _prefixes(source) for source in ("fr", "en")}
_LONGEST_PREFIX = max(len(prefix) for table in _PREFIXES.values() for prefix in table)
_MOST_GUESSES = 6


@lru_cache(maxsize=20_000)
def guesses(word: str, source: str) -> tuple[tuple[str, float], ...]:
    """Give candidate translations of a folded word with weights that fall with their likelihood."""
    table = _TO_ENGLISH if source == "fr" else _TO_FRENCH
    found: dict[str, float] = {}
    tried = 0
    for size in range(min(_LONGEST, len(word) - _SHORTEST_ROOT), -1, -1):
        endings = table.get(word[len(word) - size :])
        if endings is None:
            continue
        for rank, ending in enumerate(endings):
            candidate = word[: len(word) - size] + ending
            found.setdefault(candidate, 1.0 / ((tried + 1) * (rank + 1)))
        tried += 1
        if tried == _ENDINGS_TRIED:
            break
    best = sorted(found.items(), key=lambda pair: -pair[1])[:_MOST_GUESSES]
    return tuple(best)


@lru_cache(maxsize=20_000)
def divisions(word: str, source: str) -> tuple[tuple[str, str], ...]:
    """Cut a folded word after each prefix it may begin with: the other language's prefix, and the rest."""
    found = []
    table = _PREFIXES[source]
    for size in range(min(_LONGEST_PREFIX, len(word) - _SHORTEST_REST) + 1):
        found += [(place, theirs, word[size:]) for place, theirs in table.get(word[:size], ())]
    return tuple((theirs, rest) for _place, theirs, rest in sorted(found))
