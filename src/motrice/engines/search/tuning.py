"""Every number that ranking depends on, in one place, so that it is chosen by measurement."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """Parameters of analysis, retrieval, fusion and owner ranking; the defaults are the measured best."""

    # Words: BM25 of the fused query groups; k1 and b as long as a collection has none of its own.
    k1: float = 1.8
    b: float = 0.9
    title_weight: float = 2.0
    query_k3: float = 8.0
    returning_power: float = 0.35
    joined_weight: float = 0.5
    max_query_groups: int = 96
    max_query_chars: int = 20_000

    # The choice of k1 and b by questions made from the collection.
    calibration_minimum: int = 100
    calibration_sample: int = 20_000
    calibration_questions: int = 250
    calibration_reluctance: float = 0.003

    # Weights of the ways a query word may meet a document word.
    expand: bool = True
    language_confidence: float = 0.3
    certain_language: float = 0.6
    known_share: float = 0.7
    other_stem_weight: float = 0.5
    spelling_weight: float = 0.5
    spelling_floor: float = 0.82
    spelling_limit: int = 4
    spelling_max_words: int = 5
    cognate_max_words: int = 2
    translation_weight: float = 0.9
    translation_limit: int = 6
    cognate_weight: float = 0.6
    abbreviation_weight: float = 0.3
    synonym_weight: float = 0.2
    synonym_floor: float = 0.5
    synonym_limit: int = 4

    # From so many words on a question is long: the letters of its words say less, and its best documents more.
    long_question: int = 20
    long_feedback: float = 2.0

    # Runs of letters; like the other measures of angle, they count b times as much.
    shape_weight: float = 0.8
    owner_shape_weight: float = 0.3

    # Latent vectors.
    latent_weight: float = 0.03
    latent_dimensions: int = 192
    latent_translation: float = 0.7
    latent_min_documents: int = 60
    latent_sample: int = 100_000
    latent_exact_limit: int = 60_000
    latent_clusters: int = 512
    latent_probes: int = 3
    latent_tail_share: float = 0.25
    latent_max_terms: int = 60_000
    latent_mapped_terms: int = 15_000

    # The view of an encoder, where an index has one.
    neural_weight: float = 1.2
    owner_neural_weight: float = 1.2
    neural_candidates: int = 150

    # Candidates taken from each view, before exact scoring.
    word_candidates: int = 400
    word_candidate_depth: int = 16
    word_candidate_terms: int = 32
    latent_candidates: int = 150

    # Feedback (search only).
    feedback_documents: int = 5
    feedback_weight: float = 0.4
    neighbour_pool: int = 100
    neighbours: int = 8
    neighbour_power: float = 4.0
    neighbour_weight: float = 0.2

    # Owners.
    owner_candidates: int = 1000
    owner_pool: int = 300
    owner_power: float = 2.0
    owner_depth: int = 20
    owner_decay: float = 0.9
    # Standard errors by which another way of voting must be better, eleven of which are tried.
    voting_reluctance: float = 2.6

    # Statistics are frozen until a class of documents has grown this much.
    refit_growth: float = 0.3
    refit_minimum: int = 20
    latent_refit_growth: float = 1.0
    shared_access: str = "public"
