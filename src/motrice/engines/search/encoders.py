"""What a neural encoder is to the engine, and how its vectors are checked, compared and remembered.

The engine ships no model and needs none. Whoever has one gives it to `Index.create` and `Index.open`; its view of the
texts is then fused with the others. An encoder knows nothing of the collection, so it serves every caller alike.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from motrice.engines.search.errors import EncoderMismatch

# What is read of a text: no encoder in use reads more.
LONGEST_TEXT = 8_000
# Sentences that have nothing to do with one another: what likeness they have is that of any two texts.
UNRELATED = (
    "The glacier has lost a third of its ice in twenty years.",
    "A contract of employment ends with the notice that the law requires.",
    "Yeast turns sugar into alcohol when there is no air.",
    "The bridge is closed to heavy lorries until the cables are replaced.",
    "Children learn a second language faster than their parents.",
    "The patent office publishes applications after eighteen months.",
    "Silicon wafers are polished before the first layer of oxide grows.",
    "Bees find their way home by the position of the sun.",
    "Le traitement réduit la douleur des patients après une opération du genou.",
    "Les subventions aux éleveurs de montagne ont été versées en retard.",
    "Un satellite mesure la hauteur des vagues au large des côtes.",
    "La cathédrale a été construite en calcaire tiré d'une carrière voisine.",
    "Le logiciel chiffre les messages avant de les envoyer au serveur.",
    "Les pneus usés sont broyés puis mêlés à l'enrobé des routes.",
    "Une orchestration plus légère laisse entendre les bois et les cordes.",
    "Le taux d'intérêt de la banque centrale a baissé d'un quart de point.",
)


class Encoder(Protocol):
    """Turns texts into vectors whose angles tell how near the texts are in meaning."""

    @property
    def name(self) -> str:
        """Tell this encoder from any other: two of one name give the same vectors."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row of float32 for each text."""


@runtime_checkable
class QuestionEncoder(Protocol):
    """An encoder that reads questions in another way than the texts that answer them."""

    def encode_questions(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row of float32 for each question."""


@dataclass(frozen=True, slots=True)
class EncoderMark:
    """What an index remembers of the encoder it was made with."""

    name: str
    dimensions: int
    # The likeness of texts that have nothing in common, which some encoders put at 0 and others at 0.8.
    floor: float

    @classmethod
    def of(cls, encoder: Encoder) -> "EncoderMark":
        """Look at an encoder."""
        if not isinstance(encoder.name, str) or not encoder.name:
            raise ValueError(f"An encoder needs a name, a non-empty string; got {encoder.name!r}.")
        vectors = unit_vectors(encoder.encode(UNRELATED), len(UNRELATED))
        likeness = vectors @ vectors.T
        others = likeness[np.triu_indices(len(vectors), 1)]
        floor = float(np.clip(np.mean(others), 0.0, 0.95))
        return cls(encoder.name, int(vectors.shape[1]), round(floor, 4))

    def plain(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self)

    def nearness(self, cosines: np.ndarray) -> np.ndarray:
        """Return cosines from 0, for texts that have nothing in common, to 1."""
        return np.maximum(cosines - self.floor, 0.0) / (1.0 - self.floor)

    def check(self, encoder: Encoder, where: object) -> None:
        """Refuse an encoder that is not the one that made the vectors of an index."""
        if encoder.name != self.name:
            raise EncoderMismatch(
                f"The index in {where} was made with the encoder {self.name!r}, not {encoder.name!r}: their vectors "
                f"cannot be compared. Give it that encoder, or index the documents again with this one."
            )


def unit_vectors(found: Any, count: int, dimensions: int | None = None) -> np.ndarray:
    """Return what an encoder gave as rows of length one, or say what is wrong with it."""
    vectors = np.asarray(found, dtype=np.float32)
    expected = (count, dimensions or (vectors.shape[1] if vectors.ndim == 2 else 0))
    if vectors.shape != expected or expected[1] == 0:
        raise ValueError(f"The encoder gave an array of shape {vectors.shape} for {count} texts; expected {expected}.")
    if not np.isfinite(vectors).all():
        raise ValueError("The encoder gave vectors that are not numbers.")
    sizes = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, sizes, out=np.zeros_like(vectors), where=sizes > 1e-9)


def encoded_texts(encoder: Encoder, mark: EncoderMark, texts: Sequence[str]) -> np.ndarray:
    """Return the vectors of documents."""
    return unit_vectors(encoder.encode([text[:LONGEST_TEXT] for text in texts]), len(texts), mark.dimensions)


def encoded_question(encoder: Encoder, mark: EncoderMark, text: str) -> np.ndarray:
    """Return the vector of a question."""
    asked = [text[:LONGEST_TEXT]]
    found = encoder.encode_questions(asked) if isinstance(encoder, QuestionEncoder) else encoder.encode(asked)
    return unit_vectors(found, 1, mark.dimensions)[0]
