"""Names of people and companies that nobody bears: each is put together from syllables and old given names."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from random import Random

COMPANY_FORMS = ("{}", "{}", "{}", "Maison {}", "Ateliers {}", "Société {}", "{} et fils", "Établissements {}")
PARTICLES = {"et", "de", "des", "du", "la", "le", "les", "d", "l", "en", "sur", "pour", "à", "aux", "au", "une", "un"}


@dataclass(frozen=True, slots=True)
class City:
    """A French city with its region and position."""

    name: str
    postcode: str
    region_code: str
    region: str
    latitude: float
    longitude: float


@lru_cache(maxsize=1)
def _places() -> dict:
    return tomllib.loads((resources.files(__package__) / "places.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def cities() -> tuple[City, ...]:
    """Every city of the demonstration."""
    return tuple(City(*row) for row in _places()["cities"])


@lru_cache(maxsize=8)
def words(key: str) -> tuple[str, ...]:
    """One of the lists of words and syllables."""
    return tuple(_places()[key].split())


def regions() -> tuple[str, ...]:
    """The thirteen metropolitan regions, in the order of the cities."""
    return tuple(dict.fromkeys(city.region for city in cities()))


def street(rng: Random) -> str:
    """An address in an invented street."""
    return f"{rng.randint(1, 120)} {rng.choice(_places()['streets'])}"


class NameMaker:
    """Gives names without repetition."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.taken: set[str] = set()

    def _unique(self, make, tries: int = 400) -> str:
        for _attempt in range(tries):
            name = make()
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise ValueError("The syllables are exhausted: ask for a smaller world or add some.")

    def family(self) -> str:
        """A family name, not necessarily new."""
        return self.rng.choice(words("family_starts")) + self.rng.choice(words("family_ends"))

    def person(self) -> tuple[str, str]:
        """A given name and a family name that nobody else has together."""
        given, family = self._unique(lambda: f"{self.rng.choice(words('given'))}|{self.family()}").split("|")
        return given, family

    def company(self) -> str:
        """A company name."""

        def make() -> str:
            root = self.rng.choice(words("company_starts")) + self.rng.choice(words("company_ends"))
            return self.rng.choice(COMPANY_FORMS).format(root)

        return self._unique(make)

    def acronym(self, name: str) -> str:
        """An acronym from the initials of a name, told apart from the others by further letters."""
        words = [word for word in ascii_words(name) if word.lower() not in PARTICLES]
        initials = "".join(word[0] for word in words).upper()[:6]
        for length in range(1, 8):
            candidate = (words[0][:length] + "".join(word[0] for word in words[1:])).upper()[:9]
            if len(initials) > 2 and length == 1:
                candidate = initials
            if len(candidate) > 2 and candidate not in self.taken:
                self.taken.add(candidate)
                return candidate
        return self._unique(lambda: f"{initials}{self.rng.randint(2, 99)}")


def ascii_words(text: str) -> list[str]:
    """The words of a text without accents or punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return "".join(character if character.isalnum() else " " for character in plain).split()


def mail_name(*parts: str) -> str:
    """The left part of an e-mail address."""
    return ".".join("-".join(ascii_words(part)).lower() for part in parts)
