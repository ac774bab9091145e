"""A tiny encoder of our own: it knows a few meanings, and nothing else of a text."""

import re

import numpy as np

MEANINGS = (
    {"car", "automobile", "voiture", "vehicle"},
    {"illness", "disease", "maladie", "sickness"},
    {"snow", "glacier", "neige", "avalanche"},
    {"cheese", "fromage", "milk", "lait"},
)


class MeaningEncoder:
    """Counts in a text the words of each meaning; a text without any lies apart from all of them."""

    def __init__(self, name: str = "meanings-1") -> None:
        self.name = name
        self.read: list[str] = []

    def encode(self, texts):
        self.read.extend(texts)
        rows = np.zeros((len(texts), len(MEANINGS) + 1), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = re.findall(r"\w+", text.lower())
            row[:-1] = [sum(word in meaning for word in words) for meaning in MEANINGS]
            row[-1] = 0.0 if row.any() else 1.0
        return rows


class BrokenEncoder(MeaningEncoder):
    """Gives what is asked of it for texts about cheddar."""

    def __init__(self, answer) -> None:
        super().__init__("broken")
        self.answer = answer

    def encode(self, texts):
        return self.answer(texts) if "Cheddar" in " ".join(texts) else super().encode(texts)


class AskingEncoder(MeaningEncoder):
    """Reads questions in another way: as texts about snow."""

    def encode_questions(self, texts):
        return self.encode(["snow" for _ in texts])
