"""The characters of numbers as people paste them: other digits, other hyphens, marks that cannot be seen."""

import unicodedata


def plain_characters(text: str) -> str:
    """Return a number's text with the digits and hyphens of a keyboard, without marks that cannot be seen.

    Documents write hyphens that do not break; phones, forms and mails add marks of direction and of no width; some
    keyboards write wide digits, others those of their own script. Letters stay what they are.
    """
    if text.isascii():
        return text
    return "".join(_plain(character) for character in unicodedata.normalize("NFKC", text))


def _plain(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Pd" or character == "\u2212":
        return "-"
    return "" if kind == "Cf" else character
