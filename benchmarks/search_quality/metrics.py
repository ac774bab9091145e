"""Measures of a ranking, and how sure one may be of a difference between two."""

import math
from collections.abc import Sequence

import numpy as np

MEASURES = ("ndcg@10", "recall@100", "mrr")


def ndcg(ranking: Sequence[str], grades: dict[str, float], depth: int = 10) -> float:
    """Return the discounted gain of the first results as a share of the best possible."""
    gained = sum(grades.get(item, 0.0) / math.log2(rank + 2) for rank, item in enumerate(ranking[:depth]))
    best = sorted(grades.values(), reverse=True)[:depth]
    ideal = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(best))
    return gained / ideal if ideal else 0.0


def recall(ranking: Sequence[str], grades: dict[str, float], depth: int = 100) -> float:
    """Return the share of the relevant items among the first results."""
    return sum(item in grades for item in ranking[:depth]) / len(grades)


def reciprocal_rank(ranking: Sequence[str], grades: dict[str, float]) -> float:
    """Return one over the rank of the first relevant item."""
    return next((1.0 / rank for rank, item in enumerate(ranking, 1) if item in grades), 0.0)


def measured(ranking: Sequence[str], grades: dict[str, float]) -> tuple[float, float, float]:
    """Return all measures of one ranking, in the order of `MEASURES`."""
    return ndcg(ranking, grades), recall(ranking, grades), reciprocal_rank(ranking, grades)


def interval(values: np.ndarray, *, draws: int = 2000, seed: int = 7) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean over queries."""
    generator = np.random.default_rng(seed)
    means = values[generator.integers(0, len(values), (draws, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def paired_p(ours: np.ndarray, theirs: np.ndarray, *, draws: int = 5000, seed: int = 7) -> float:
    """Return the two-sided p-value of the paired randomisation test: signs of the differences flipped at random."""
    differences = ours - theirs
    observed = abs(differences.mean())
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), (draws, len(differences)))
    return float((np.abs((signs * differences).mean(axis=1)) >= observed - 1e-12).mean())
