"""Irregular forms of French and English, brought back to the word that the lexicon lists."""

from collections.abc import Mapping

# French verbs by the ending of the infinitive: the endings their irregular forms take instead.
FRENCH_VERB_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("uire", ("uit", "uits", "uite", "uites", "uisent", "uisant", "uisait")),
    ("mettre", ("met", "mettent", "mettant", "mettra", "mettront", "mis", "mise", "mises")),
    ("prendre", ("prend", "prennent", "prenant", "prendra", "pris", "prise", "prises")),
    ("andre", ("and", "andent", "andant", "andu", "andue", "andus")),
    ("endre", ("end", "endent", "endant", "endra", "endu", "endue", "endus", "endues")),
    ("ondre", ("ond", "ondent", "ondant", "ondra", "ondu", "ondue", "ondus")),
    ("perdre", ("perd", "perdent", "perdant", "perdu", "perdue", "perdus")),
    ("enir", ("ient", "iennent", "enant", "enait", "iendra", "iendront", "enu", "enue", "enus", "enues")),
    ("eindre", ("eint", "einte", "eints", "eintes", "eignent", "eignant")),
    ("aindre", ("aint", "ainte", "aints", "aintes", "aignent", "aignant")),
    ("oindre", ("oint", "ointe", "oints", "ointes", "oignent", "oignant")),
    ("aître", ("aît", "aissent", "aissant", "aîtra", "u", "ue", "us")),
    ("crire", ("crit", "crite", "crits", "crites", "crivent", "crivant")),
    ("ouvrir", ("ouvre", "ouvrent", "ouvrant", "ouvert", "ouverte", "ouverts", "ouvertes")),
    ("ffrir", ("ffre", "ffrent", "ffrant", "ffert", "fferte", "fferts")),
    ("cevoir", ("çoit", "çoivent", "cevant", "cevra", "çu", "çue", "çus", "çues")),
    ("soudre", ("sout", "solvent", "solvant", "solu", "solue", "solus", "solues")),
    ("quérir", ("quiert", "quièrent", "quérant", "quis", "quise", "quises")),
    ("suivre", ("suit", "suivent", "suivant", "suivi", "suivie", "suivis", "suivies")),
    ("vivre", ("vit", "vivent", "vivant", "vécu")),
    ("clure", ("clut", "cluent", "cluant", "clus", "cluse", "clu")),
    ("faire", ("fait", "font", "faisant", "fera", "feront", "faite", "faits", "faites")),
    ("traire", ("trait", "traient", "trayant", "traite", "traits", "traites")),
    ("lire", ("lit", "lisent", "lisant", "lu", "lue", "lus", "lues")),
    ("courir", ("court", "courent", "courant", "courra", "couru")),
    ("rompre", ("rompt", "rompent", "rompant", "rompu", "rompue")),
    ("battre", ("bat", "battent", "battant", "battu", "battue")),
    ("naître", ("naît", "naissent", "naissant", "né", "née", "nés", "nées")),
    ("voir", ("voit", "voient", "voyant", "verra", "vu", "vue", "vus", "vues")),
    ("savoir", ("sait", "savent", "sachant", "su")),
    ("croître", ("croît", "croissent", "croissant", "crû", "cru")),
    ("servir", ("sert", "servent", "servant", "servi")),
    ("sortir", ("sort", "sortent", "sortant", "sorti")),
    ("partir", ("part", "partent", "partant", "parti")),
    ("sentir", ("sent", "sentent", "sentant", "senti")),
    ("mouvoir", ("meut", "meuvent", "mouvant", "mû", "mu")),
)

FRENCH_IRREGULAR: dict[str, str] = {
    "yeux": "oeil",
    "cieux": "ciel",
    "travaux": "travail",
    "matériaux": "matériau",
    "vitraux": "vitrail",
    "émaux": "émail",
    "peut": "pouvoir",
    "peuvent": "pouvoir",
    "pourra": "pouvoir",
    "pourront": "pouvoir",
    "veut": "vouloir",
    "veulent": "vouloir",
    "doit": "devoir",
    "doivent": "devoir",
    "devra": "devoir",
    "devrait": "devoir",
    "va": "aller",
    "vont": "aller",
    "meurt": "mourir",
    "mort": "mourir",
    "bu": "boire",
    "cru": "croire",
    "plu": "pleuvoir",
    "vaut": "valoir",
    "meilleure": "meilleur",
    "bonne": "bon",
    "bonnes": "bon",
    "nouvelle": "nouveau",
    "nouvelles": "nouveau",
    "nouvel": "nouveau",
    "vieille": "vieux",
    "vieilles": "vieux",
    "fraîche": "frais",
    "fraîches": "frais",
    "sèche": "sec",
    "sèches": "sec",
    "douce": "doux",
    "douces": "doux",
    "fausse": "faux",
    "fausses": "faux",
    "rousse": "roux",
    "blanche": "blanc",
    "blanches": "blanc",
    "longue": "long",
    "longues": "long",
    "molle": "mou",
    "molles": "mou",
    "belle": "beau",
    "belles": "beau",
    "épaisse": "épais",
    "grosse": "gros",
    "basse": "bas",
    "basses": "bas",
    "grasse": "gras",
    "publique": "public",
    "publiques": "public",
    "grecque": "grec",
    "active": "actif",
    "actives": "actif",
    "neuve": "neuf",
    "vive": "vif",
    "vives": "vif",
}

ENGLISH_IRREGULAR: dict[str, str] = {
    "analyses": "analysis",
    "arose": "arise",
    "arisen": "arise",
    "aircrafts": "aircraft",
    "bacteria": "bacterium",
    "began": "begin",
    "begun": "begin",
    "bases": "basis",
    "better": "good",
    "bent": "bend",
    "bound": "bind",
    "bought": "buy",
    "broke": "break",
    "broken": "break",
    "brought": "bring",
    "built": "build",
    "burnt": "burn",
    "came": "come",
    "caught": "catch",
    "children": "child",
    "chose": "choose",
    "chosen": "choose",
    "cities": "city",
    "countries": "country",
    "crises": "crisis",
    "criteria": "criterion",
    "dealt": "deal",
    "diagnoses": "diagnosis",
    "dug": "dig",
    "drawn": "draw",
    "drew": "draw",
    "driven": "drive",
    "drove": "drive",
    "dried": "dry",
    "eaten": "eat",
    "fallen": "fall",
    "fed": "feed",
    "feet": "foot",
    "fell": "fall",
    "felt": "feel",
    "flew": "fly",
    "flown": "fly",
    "found": "find",
    "fought": "fight",
    "froze": "freeze",
    "frozen": "freeze",
    "fungi": "fungus",
    "gave": "give",
    "given": "give",
    "got": "get",
    "grew": "grow",
    "grown": "grow",
    "ground": "ground",
    "held": "hold",
    "hidden": "hide",
    "hypotheses": "hypothesis",
    "indices": "index",
    "kept": "keep",
    "knew": "know",
    "known": "know",
    "knives": "knife",
    "laid": "lay",
    "larvae": "larva",
    "leaves": "leaf",
    "led": "lead",
    "lent": "lend",
    "lives": "life",
    "lost": "lose",
    "made": "make",
    "meant": "mean",
    "men": "man",
    "met": "meet",
    "mice": "mouse",
    "nuclei": "nucleus",
    "paid": "pay",
    "phenomena": "phenomenon",
    "ran": "run",
    "risen": "rise",
    "rose": "rise",
    "said": "say",
    "sang": "sing",
    "sank": "sink",
    "saw": "see",
    "seen": "see",
    "sent": "send",
    "sewn": "sew",
    "shaken": "shake",
    "shown": "show",
    "shrunk": "shrink",
    "slid": "slide",
    "sold": "sell",
    "sought": "seek",
    "spent": "spend",
    "spun": "spin",
    "spoken": "speak",
    "spectra": "spectrum",
    "stimuli": "stimulus",
    "stolen": "steal",
    "stood": "stand",
    "stuck": "stick",
    "swollen": "swell",
    "taken": "take",
    "taught": "teach",
    "teeth": "tooth",
    "thought": "think",
    "threw": "throw",
    "thrown": "throw",
    "told": "tell",
    "took": "take",
    "tore": "tear",
    "torn": "tear",
    "understood": "understand",
    "vertices": "vertex",
    "was": "be",
    "went": "go",
    "women": "woman",
    "won": "win",
    "wore": "wear",
    "worn": "wear",
    "woven": "weave",
    "written": "write",
    "wrote": "write",
}


# Regular endings that the French stemmer leaves on, and the infinitives they come from.
FRENCH_VERB_TAILS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("issent", ("ir",)),
    ("issant", ("ir",)),
    ("issons", ("ir",)),
    ("eront", ("er",)),
    ("iront", ("ir",)),
    ("erait", ("er",)),
    ("aient", ("er", "ir")),
    ("eons", ("er",)),
    ("era", ("er",)),
    ("ira", ("ir",)),
    ("ons", ("er", "ir", "re")),
    ("ent", ("er", "ir", "re")),
    ("ait", ("er", "ir")),
    ("ez", ("er", "ir", "re")),
    ("it", ("ir",)),
)
FRENCH_PLURALS: tuple[tuple[str, str], ...] = (
    ("eaux", "eau"),
    ("aux", "al"),
    ("eux", "eu"),
    ("s", ""),
    ("x", ""),
    ("es", ""),
    ("e", ""),
    ("ives", "if"),
    ("ive", "if"),
    ("euses", "eux"),
    ("euse", "eux"),
    ("euses", "eur"),
    ("euse", "eur"),
    ("trices", "teur"),
    ("trice", "teur"),
    ("elles", "el"),
    ("elle", "el"),
    ("nnes", "n"),
    ("nne", "n"),
    ("ères", "er"),
    ("ère", "er"),
    ("ettes", "et"),
    ("ette", "et"),
)
ENGLISH_PLURALS: tuple[tuple[str, str], ...] = (("ies", "y"), ("ves", "f"), ("ses", "s"), ("xes", "x"), ("s", ""))

Listed = Mapping[str, object]


def _by_ending() -> dict[str, list[tuple[int, str]]]:
    """Return, for each ending of a verb, the infinitives it may come from and the place of each in the table."""
    found: dict[str, list[tuple[int, str]]] = {}
    pairs = ((infinitive, ending) for infinitive, endings in FRENCH_VERB_ENDINGS for ending in endings)
    for place, (infinitive, ending) in enumerate(pairs):
        found.setdefault(ending, []).append((place, infinitive))
    return found


_INFINITIVES = _by_ending()
_LONGEST_ENDING = max(map(len, _INFINITIVES))


def singular(word: str, source: str, listed: Listed) -> str | None:
    """Return the listed word of which a word is the regular plural or feminine."""
    for ending, replacement in FRENCH_PLURALS if source == "fr" else ENGLISH_PLURALS:
        if word.endswith(ending):
            candidate = word[: len(word) - len(ending)] + replacement
            if candidate in listed:
                return candidate
    return None


def base_of(word: str, source: str, listed: Listed) -> str | None:
    """Return the listed word of which a word is an irregular or conjugated form."""
    irregular = FRENCH_IRREGULAR if source == "fr" else ENGLISH_IRREGULAR
    base = irregular.get(word)
    if base is not None:
        return base if base in listed else None
    if source == "en":
        return None
    found = []
    for cut in range(max(0, len(word) - _LONGEST_ENDING), len(word) + 1):
        for place, infinitive in _INFINITIVES.get(word[cut:], ()):
            candidate = word[:cut] + infinitive
            if candidate in listed:
                found.append((place, candidate))
    return min(found)[1] if found else _conjugated(word, listed)


def _conjugated(word: str, listed: Listed) -> str | None:
    for tail, infinitives in FRENCH_VERB_TAILS:
        if word.endswith(tail) and len(word) > len(tail) + 2:
            for infinitive in infinitives:
                candidate = word[: len(word) - len(tail)] + infinitive
                if candidate in listed:
                    return candidate
    return None
