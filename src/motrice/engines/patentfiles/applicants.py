"""Which known body an applicant's name means: DOCDB shortens words, files misspell them, bodies add their acronym.

`CENTRE NAT RECH SCIENT`, `CENTRE NAT DE LA RECH SCIENT (CNRS)` and `CNRS` mean one body. Each answer comes with a
likeness and its reasons: nobody is linked in silence.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein

from motrice.engines.search.nametext import words

BRACKETS = re.compile(r"[(\[]([^)\]]{2,20})[)\]]")
LEGAL_NAMES = (
    "sa sas sasu sarl snc scop gie se nv bv gmbh ag kg co inc ltd llc llp lp corp corporation company plc spa srl ab "
    "oy as asa aps kk pty kft sl limited incorporated societe anonyme epic epst"
)
EMPTY_NAMES = "a au aux d de des du en et i l la le les pour par sur the of and for in y e und der die das"
LEGAL_FORMS, EMPTY = frozenset(LEGAL_NAMES.split()), frozenset(EMPTY_NAMES.split())
NEAR = 0.8  # how like two words must be when neither begins the other
SHORTEST_NEAR = 6
CANDIDATES = 120
KEPT = 3
LOWEST = 0.55
SAME, SAME_WORDS, ACRONYM_AND_NAME, ACRONYM, SHORTENED, NEAR_ACRONYM = 1.0, 0.97, 0.99, 0.94, 0.96, 0.6
OTHER_COUNTRY = 0.8
TIE = 0.02


@dataclass(frozen=True, slots=True)
class Body:
    """Something known that may be meant."""

    id: int
    names: Sequence[str]
    acronyms: Sequence[str] = ()
    country: str = ""
    identifiers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A body that may be meant: how likely, why; reasons are `identifier`, `same_name`, `same_words`, `acronym`,
    `near_acronym`, `shortened`, `likeness`, `same_country`, `other_country`, `several`."""

    id: int
    score: float
    reasons: tuple[str, ...]
    matched: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    body: int
    text: str
    whole: str
    tokens: tuple[str, ...]


@dataclass(slots=True)
class _Asked:
    """A name as asked: its words without legal forms and empty words, and what stands in brackets."""

    whole: str
    tokens: tuple[str, ...]
    acronyms: tuple[str, ...]
    all_tokens: tuple[str, ...] = field(default=())


def tokens_of(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others."""
    kept = tuple(word for word in words(name) if word not in EMPTY and word not in LEGAL_FORMS)
    return kept or tuple(words(name))


def asked(name: str) -> _Asked:
    """A name made ready to be compared."""
    acronyms = tuple("".join(words(found)) for found in BRACKETS.findall(name))
    plain = BRACKETS.sub(" ", name)
    return _Asked(" ".join(words(plain)), tokens_of(plain), acronyms, tuple(words(name)))


class Bodies:
    """The known bodies, ready to be asked."""

    def __init__(self, bodies: Iterable[Body]) -> None:
        self.bodies = {body.id: body for body in bodies}
        self.names: list[_Known] = []
        self.by_whole: dict[str, set[int]] = defaultdict(set)
        self.by_acronym: dict[str, set[int]] = defaultdict(set)
        self.by_identifier: dict[str, int] = {}
        self.by_start: dict[str, set[int]] = defaultdict(set)
        counts: Counter[str] = Counter()
        for body in self.bodies.values():
            for identifier in body.identifiers:
                self.by_identifier[identifier] = body.id
            for acronym in body.acronyms:
                self.by_acronym["".join(words(acronym))].add(body.id)
            for name in dict.fromkeys(body.names):
                known = _Known(body.id, name, " ".join(words(name)), tokens_of(name))
                number = len(self.names)
                self.names.append(known)
                self.by_whole[known.whole].add(body.id)
                counts.update(set(known.tokens))
                for token in set(known.tokens):
                    self.by_start[token[:3]].add(number)
        total = max(1, len(self.names))
        self.weights = {token: math.log(1 + total / count) for token, count in counts.items()}
        self.unknown = math.log(1 + total) * 0.8

    def weight(self, token: str) -> float:
        """How much a word tells."""
        return self.weights.get(token, self.unknown)

    def best(self, name: str, country: str = "", identifier: str = "") -> list[Match]:
        """The bodies that may be meant, likeliest first; none when nothing is near."""
        if identifier and identifier in self.by_identifier:
            return [Match(self.by_identifier[identifier], SAME, ("identifier",), identifier)]
        question = asked(name)
        found: dict[int, Match] = {}
        for match in (*self._exact(question), *self._acronyms(question), *self._alike(question)):
            held = found.get(match.id)
            both = _joined(held, match) if held is not None else match
            if held is None or both.score > held.score:
                found[match.id] = both
        ranked = sorted((self._of_country(match, country) for match in found.values()), key=lambda item: -item.score)
        ranked = [match for match in ranked if match.score >= LOWEST][:KEPT]
        if len(ranked) > 1 and ranked[0].score - ranked[1].score < TIE:
            first = ranked[0]
            ranked[0] = Match(first.id, min(first.score, SHORTENED), (*first.reasons, "several"), first.matched)
        return ranked

    def _of_country(self, match: Match, country: str) -> Match:
        own = self.bodies[match.id].country
        if not country or not own:
            return match
        if country == own:
            return Match(match.id, match.score, (*match.reasons, "same_country"), match.matched)
        score = match.score * OTHER_COUNTRY
        return Match(match.id, score, (*match.reasons, "other_country"), match.matched)

    def _exact(self, question: _Asked) -> list[Match]:
        held = sorted(self.by_whole.get(question.whole, ()))
        return [Match(pk, SAME, ("same_name",), question.whole) for pk in held]

    def _acronyms(self, question: _Asked) -> list[Match]:
        """An acronym in brackets, alone, or at either end of the name; one letter wrong is noted as such."""
        ends = {*question.acronyms}
        if len(question.all_tokens) == 1:
            ends.add(question.all_tokens[0])
        elif question.all_tokens:
            ends |= {token for token in (question.all_tokens[0], question.all_tokens[-1]) if len(token) >= 4}
        matches = [
            Match(pk, ACRONYM, ("acronym",), acronym) for acronym in ends for pk in self.by_acronym.get(acronym, ())
        ]
        if not matches:
            for end in (end for end in ends if len(end) >= SHORTEST_NEAR):
                near = (held for held in self.by_acronym if abs(len(held) - len(end)) <= 1 and held[-3:] == end[-3:])
                for held in near:
                    if DamerauLevenshtein.distance(held, end) == 1:
                        matches += [Match(pk, NEAR_ACRONYM, ("near_acronym",), held) for pk in self.by_acronym[held]]
        return matches

    def _alike(self, question: _Asked) -> list[Match]:
        votes: Counter[int] = Counter()
        for token in question.tokens:
            for number in self.by_start.get(token[:3], ()):
                votes[number] += 1
        if not votes:
            return []
        least = max(1, math.ceil(len(question.tokens) / 3))
        numbers = [number for number, count in votes.most_common(CANDIDATES) if count >= least]
        return [match for number in numbers if (match := self._compared(question, self.names[number])) is not None]

    def _compared(self, question: _Asked, known: _Known) -> Match | None:
        """How well the words of one name fit those of the other, each taken once, weighed by how rare it is."""
        left = list(known.tokens)
        gained = asked_weight = taken = 0.0
        is_shortened = False
        for token in question.tokens:
            fits = [(closeness(token, other), other) for other in left]
            gain, other = max(fits, default=(0.0, ""))
            weight = self.weight(other) if gain else self.weight(token)
            asked_weight += weight
            if gain:
                gained += weight * gain
                taken += self.weight(other)
                is_shortened |= other != token
                left.remove(other)
        whole = sum(self.weight(token) for token in known.tokens)
        score = gained / asked_weight * (0.55 + 0.45 * taken / whole)
        if score < LOWEST:
            return None
        if not left and not is_shortened and gained == asked_weight:
            return Match(known.body, SAME_WORDS, ("same_words",), known.text)
        reason = "shortened" if is_shortened and gained / asked_weight > 0.9 else "likeness"
        return Match(known.body, min(score, SHORTENED), (reason,), known.text)


def _joined(held: Match, match: Match) -> Match:
    """Two grounds for one body: an acronym and a name that both point to it are worth more than either."""
    if held.reasons == match.reasons or not {"acronym", "near_acronym"} & {*held.reasons, *match.reasons}:
        return match
    score = max(held.score, match.score)
    score = max(score, ACRONYM_AND_NAME) if score >= ACRONYM else score + (1 - score) / 2
    return Match(match.id, score, tuple(dict.fromkeys((*held.reasons, *match.reasons))), held.matched or match.matched)


def closeness(token: str, other: str) -> float:
    """How well a word fits another: the same, its beginning (DOCDB shortens), or nearly the same."""
    if token == other:
        return 1.0
    if len(token) >= 2 and other.startswith(token):
        return 0.98 if len(token) >= 3 else 0.6
    if min(len(token), len(other)) >= SHORTEST_NEAR:
        alike = DamerauLevenshtein.normalized_similarity(token, other)
        return alike * 0.95 if alike >= NEAR else 0.0
    return 0.0
