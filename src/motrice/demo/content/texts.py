"""Texts of the demonstration world: what laboratories publish, what companies ask, what the desk writes."""

import re
from dataclasses import dataclass
from random import Random

from motrice.demo.content.grammar import VOWELS
from motrice.demo.content.vocabulary import Property, Topic, patterns

TRL_WORDS = {"fr": "TRL", "en": "TRL"}
# Which parts make a text of each kind, in order; a part in brackets appears in some of the texts only.
EVIDENCE_PARTS = {
    "publication": ("context", "aim", "method", "result", "second", "outlook"),
    "patent": ("prior", "claim", "advantage", "use"),
    "project": ("context", "plan", "target", "end"),
}
SECOND_PERSON = {
    "fr": ((re.compile(r"\bnotre\b"), "votre"), (re.compile(r"\bnos\b"), "vos"), (re.compile(r"\bnous\b"), "vous")),
    "en": ((re.compile(r"\bour\b"), "your"), (re.compile(r"\bus\b"), "you")),
}
THOUSANDS = {"fr": "\N{NO-BREAK SPACE}", "en": ","}


@dataclass(frozen=True, slots=True)
class Text:
    """A written text and the sub-topic that it is about."""

    kind: str
    topic: str
    language: str
    title: str
    body: str


def number(value: float, language: str) -> str:
    """Write a quantity with the digits its size deserves, in the manner of the language."""
    size = abs(value)
    digits = 0 if size >= 50 else 1 if size >= 3 else 2
    text = f"{round(value, -1) if size >= 1000 else value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, decimals = text.partition(".")
    whole = whole.replace(",", THOUSANDS[language])
    return f"{whole}{',' if language == 'fr' else '.'}{decimals}" if decimals else whole


def unit(name: str, language: str) -> str:
    """Put the unit behind its number: spaced, except the English per cent sign."""
    if not name:
        return ""
    return name if name == "%" and language == "en" else f"\N{NO-BREAK SPACE}{name}"


def second_person(clause: str, language: str) -> str:
    """Turn a firm's complaint into a question to a firm: our becomes your."""
    for expression, replacement in SECOND_PERSON[language]:
        clause = expression.sub(replacement, clause)
    return clause


def that_clause(clause: str, language: str) -> str:
    """Subordinate a clause, with the elision that French wants before a vowel."""
    if language == "en":
        return f"that {clause}"
    return f"qu'{clause}" if clause[0].lower() in VOWELS else f"que {clause}"


class Writer:
    """Writes the texts of one sub-topic after another from one source of chance."""

    def __init__(self, rng: Random):
        self.rng = rng

    def values(self, topic: Topic, language: str, **extra) -> dict:
        """Choose the terms and figures that one text will speak of throughout."""
        rng = self.rng
        objects = rng.sample(topic.objects, 2)
        methods = rng.sample(topic.methods, 2)
        equipment = rng.sample(topic.equipment, 2)
        failures = rng.sample(topic.failures, 2)
        products = rng.sample(topic.products, 2)
        first, second = rng.sample(topic.properties, 2)
        values = {
            "top": topic.name,
            "obj": objects[0],
            "obj2": objects[1],
            "met": methods[0],
            "met2": methods[1],
            "eq": equipment[0],
            "eq2": equipment[1],
            "fail": failures[0],
            "fail2": failures[1],
            "prod": products[0],
            "prod2": products[1],
            "prop": first.term,
            "prop2": second.term,
            "unit": unit(first.units[language], language),
            "unit2": unit(second.units[language], language),
            "make": topic.make[language],
            "n2": rng.randint(3, 9),
            "nb": rng.randint(12, 96),
            "n": rng.randint(6, 240),
            "pct": rng.randint(11, 48),
            "big": rng.randint(62, 93),
            "mois": rng.randint(4, 30),
            "k": rng.randint(4, 60) * 5,
            "k2": rng.randint(3, 50) * 5,
            "k10": number(rng.randint(8, 95) * 10, language),
            "big2": number(rng.randint(30, 180) * 10, language),
            "an": rng.randint(2012, 2023),
            "trl": f"{TRL_WORDS[language]} {rng.randint(4, 7)}",
        }
        values |= self._figures(first, second, language) | extra
        return values

    def _figures(self, first: Property, second: Property, language: str) -> dict:
        v1, v2 = self._improvement(first)
        w1, w2 = self._improvement(second)
        rises = v2 > v1
        return {
            "v1": number(v1, language),
            "v2": number(v2, language),
            "w1": number(w1, language),
            "w2": number(w2, language),
            "gain": number(abs(v2 - v1) / v1 * 100, language),
            "dir": {"fr": ("baisse", "hausse"), "en": ("fall", "rise")}[language][rises],
            "moved": ("ramené", "porté")[rises],
        }

    def _improvement(self, measured: Property) -> tuple[float, float]:
        span = measured.after - measured.before
        start = measured.before + span * self.rng.uniform(-0.12, 0.3)
        end = measured.before + span * self.rng.uniform(0.62, 1.0)
        if measured.units["en"] == "%":
            return min(start, 97.0), min(end, 99.6)
        return start, end

    def _sentence(self, kind: str, part: str, values: dict, language: str, group: str) -> str:
        choices = patterns(language, group)[kind][part]
        return choices[int(self.rng.random() * len(choices))].render(values, self.rng)

    def _join(self, kind: str, parts: tuple[str, ...], values: dict, language: str, group: str = "desk") -> str:
        return " ".join(self._sentence(kind, part, values, language, group) for part in parts)

    def evidence(self, topic: Topic, kind: str, language: str) -> Text:
        """Write a publication, patent, project, contract or description of equipment."""
        values = self.values(topic, language)
        title = self._sentence(kind, "title", values, language, "evidence")
        if kind in EVIDENCE_PARTS:
            body = self._join(kind, EVIDENCE_PARTS[kind], values, language, "evidence")
        else:
            sentences = patterns(language, "evidence")[kind]["body"]
            body = " ".join(sentence.render(values, self.rng) for sentence in sentences)
        return Text(kind, topic.code, language, title, body)

    def need(self, topic: Topic, language: str, *, city: str, staff: int, since: int) -> dict[str, str]:
        """State a company's problem in its own words, in the parts that the need form asks for."""
        rng = self.rng
        rank = rng.randrange(len(topic.symptoms))
        failure, product, attempt = topic.linked(rank)
        values = self.values(topic, language, city=city, n=staff, an=since, symptom=topic.symptoms[rank][language])
        if product:
            values["prod"] = product
        parts = ["intro" if staff < 250 else "intro_large", "symptom", "figures"]
        if failure:
            values["fail"] = failure
            parts += ["cause"] if rng.random() < 0.6 else []
        if attempt:
            values["tried"] = attempt[language]
        return {
            "title": self._sentence("need", "title_failure" if failure else "title", values, language, "desk"),
            "problem": self._join("need", tuple(parts), values, language),
            "tried": self._sentence("need", "tried" if attempt else "tried_nothing", values, language, "desk"),
            "constraints": self._join("need", ("constraint", "deadline"), values, language),
        }

    def confidential(self, topic: Topic, language: str, *, client: str, canary: str) -> str:
        """Write the part of a need that only those who signed may read, with its canary word."""
        values = self.values(topic, language, client=client, canary=canary)
        return self._sentence("need", "confidential", values, language, "desk")

    def offer(self, topic: Topic, language: str) -> dict[str, str]:
        """Describe what a laboratory can do for companies of a segment."""
        rank = self.rng.randrange(len(topic.symptoms))
        failure, product, _attempt = topic.linked(rank)
        clause = that_clause(second_person(topic.symptoms[rank][language], language), language)
        values = self.values(topic, language, that_symptom=clause)
        values |= {"fail": failure or values["fail"], "prod": product or values["prod"]}
        return {
            "title": self._sentence("offer", "title", values, language, "desk"),
            "summary": self._join("offer", ("benefit", "how", "gain"), values, language),
            "sme_conditions": self._sentence("offer", "sme", values, language, "desk"),
            "references": self._sentence("offer", "reference", values, language, "desk"),
        }

    def exchange(self, topic: Topic, part: str, language: str) -> str:
        """Write one message of a referral: message, accept, question, reply, refuse or close."""
        return self._sentence("referral", part, self.values(topic, language), language, "desk")

    def desk(self, topic: Topic, part: str, language: str) -> str:
        """Write what the desk says around a need: qualify, decline, wait, joint, exclude, hand or withdraw."""
        return self._sentence("desk", part, self.values(topic, language), language, "desk")
