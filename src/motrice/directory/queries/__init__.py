"""What the directory is asked, by other apps and by its own pages."""

from motrice.directory.queries.mechanisms import Finding, count_mechanisms, find_mechanisms, mechanism_counts
from motrice.directory.queries.structure import (
    Office,
    Participation,
    ProposedOwner,
    SuccessionGraph,
    find_by_identifiers,
    heads_on,
    labelled_institutes_on,
    labelled_on,
    offices_for,
    participations,
    proposed_owners,
    resolve,
    succession_graph,
    supervisors_on,
    units_of,
    visible,
)

__all__ = [
    "Finding",
    "Office",
    "Participation",
    "ProposedOwner",
    "SuccessionGraph",
    "count_mechanisms",
    "find_by_identifiers",
    "find_mechanisms",
    "heads_on",
    "labelled_institutes_on",
    "labelled_on",
    "mechanism_counts",
    "offices_for",
    "participations",
    "proposed_owners",
    "resolve",
    "succession_graph",
    "supervisors_on",
    "units_of",
    "visible",
]
