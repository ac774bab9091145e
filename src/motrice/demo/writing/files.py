"""Files that companies send with their needs: short tables of measurements and notes, in the language of the need."""

from random import Random

HEADS = {
    "fr": ("essai", "température (°C)", "humidité (%)", "durée (h)", "pièces essayées", "pièces refusées"),
    "en": ("trial", "temperature (°C)", "humidity (%)", "duration (h)", "parts tried", "parts rejected"),
}
NAMES = {
    "fr": ("mesures-en-atelier.csv", "note-de-contexte.txt", "cahier-des-charges.txt"),
    "en": ("workshop-measurements.csv", "background-note.txt", "requirements.txt"),
}
NOTES = {
    "fr": (
        "Note d'une entreprise inventée, jointe au besoin « {title} ».\n\n"
        "Ce que nous voyons\n{problem}\n\nCe que nous avons essayé\n{tried}\n\n"
        "Les essais ont été conduits sur la ligne de production, pendant les heures de travail, par les opérateurs "
        "habituels. Les pièces refusées ont été gardées : elles peuvent être envoyées au laboratoire qui le demande."
    ),
    "en": (
        "Note of an invented company, sent with the need “{title}”.\n\n"
        "What we see\n{problem}\n\nWhat we tried\n{tried}\n\n"
        "The trials were run on the production line, during working hours, by the usual operators. The rejected parts "
        "were kept: they can be sent to any laboratory that asks for them."
    ),
}
REQUIREMENTS = {
    "fr": (
        "Exigences d'une entreprise inventée pour « {title} ».\n\n1. {constraints}\n"
        "2. La solution s'installe pendant un arrêt de ligne de deux jours au plus.\n"
        "3. Les opérateurs sont formés en une demi-journée.\n4. Aucune matière nouvelle sans fiche de sécurité.\n"
    ),
    "en": (
        "Requirements of an invented company for “{title}”.\n\n1. {constraints}\n"
        "2. The solution is installed during a stop of the line of two days at most.\n"
        "3. Operators are trained in half a day.\n4. No new material without its safety data sheet.\n"
    ),
}


def files_of(answers: dict[str, str], language: str, rng: Random) -> list[tuple[str, bytes, bool]]:
    """One or two files for a need: name, content, and whether it is confidential."""
    measurements, note, requirements = NAMES[language]
    found = [(measurements, _table(language, rng), True)]
    if rng.random() < 0.5:
        found.append((note, NOTES[language].format(**answers).encode(), False))
    elif answers["constraints"]:
        found.append((requirements, REQUIREMENTS[language].format(**answers).encode(), False))
    return found


def _table(language: str, rng: Random) -> bytes:
    lines = [";".join(HEADS[language])]
    for trial in range(1, rng.randint(9, 16)):
        tried = rng.randint(20, 60)
        cells = (trial, rng.randint(-20, 80), rng.randint(15, 95), rng.choice((24, 48, 96, 240)), tried)
        lines.append(";".join(str(cell) for cell in (*cells, rng.randint(0, tried // 4))))
    return ("\n".join(lines) + "\n").encode()
