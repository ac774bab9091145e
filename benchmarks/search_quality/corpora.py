"""The shared public data as plain records. Nothing is downloaded: files are read from `MOTRICE_SHARED_DATA`."""

import csv
import gzip
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

csv.field_size_limit(10_000_000)
REFERENCE = re.compile(r"\([^()]*[A-H]\d\d[A-Z][^()]*\)")
MARKUP = re.compile(r"&[a-z]+;|<[^>]+>")


@dataclass(frozen=True, slots=True)
class Record:
    """One text with what is needed to judge: its date, owners, and the key of those like it."""

    id: str
    title: str
    text: str
    date: str = ""
    owners: tuple[str, ...] = ()
    group: str = ""
    keywords: str = ""


def root() -> Path:
    """Return the folder of the shared data, or say how to give it."""
    default = Path(__file__).resolve().parents[3] / "shared" / "data"
    found = Path(os.environ.get("MOTRICE_SHARED_DATA", default))
    if not found.is_dir():
        raise SystemExit(f"There is no shared data in {found}. Set MOTRICE_SHARED_DATA to the folder that holds it.")
    return found


def table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a compressed table."""
    with gzip.open(root() / name, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def lines(name: str) -> Iterator[dict]:
    """Yield the objects of a compressed file of JSON lines."""
    with gzip.open(root() / name, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def plain(text: str | None) -> str:
    """Return text without left-over markup."""
    return MARKUP.sub(" ", text or "").strip()


@lru_cache(maxsize=1)
def laureates() -> tuple[Record, ...]:
    """The start-ups of the i-Lab competition that have a summary, in French, with their units of origin."""
    found = []
    for row in table("ilab/laureates_1999_2025.csv.gz"):
        summary = plain(row["summary"])
        if len(summary) >= 150:
            units = tuple(part.strip() for part in row["research_unit_rnsr_ids"].split(",") if part.strip())
            found.append(Record(row["row_id"], plain(row["pitch"]), summary, row["year"], units))
    return tuple(found)


@lru_cache(maxsize=1)
def anr_projects() -> tuple[Record, ...]:
    """Investment-plan projects with an abstract, with their partners as owners."""
    partners: dict[str, dict[str, None]] = {}
    for row in table("anr/dgpie_partners_2022.csv.gz"):
        name = row["organisation_name"].strip()
        if name:
            partners.setdefault(row["project_id"], {})[name] = None
    found = []
    for row in table("anr/dgpie_projects_2022.csv.gz"):
        if len(row["abstract_fr"]) >= 150:
            owners = tuple(partners.get(row["project_id"], ()))
            title, text = plain(row["title_fr"]), plain(row["abstract_fr"])
            found.append(Record(row["project_id"], title, text, row["call_year"], owners, row["call_title"]))
    return tuple(found)


@lru_cache(maxsize=1)
def eu_calls() -> tuple[Record, ...]:
    """EU funding topics with a description, in English, with their destination as group."""
    found = []
    for row in lines("eu-calls/eu_calls_2026-08.jsonl.gz"):
        text = plain(row["description"])
        if len(text) >= 300:
            words = [word.strip() for word in (row["keywords"] or "").split(",")]
            keywords = ", ".join(word for word in words if word and not re.search(r"20\d\d|art\.", word))
            destination = row["topicId"].rsplit("-", 1)[0]
            title = plain(row["title"])
            found.append(Record(row["topicId"], title, text, row["deadline"], (), destination, keywords))
    return tuple(found)


@lru_cache(maxsize=1)
def water_projects() -> tuple[Record, ...]:
    """European projects about water, in English."""
    found = {}
    for row in lines("cordis/water_projects.jsonl.gz"):
        text = plain(row["objective"])
        if len(text) >= 200:
            found[row["project_id"]] = Record(row["project_id"], plain(row["title"]), text, row["start_date"])
    return tuple(found.values())


@lru_cache(maxsize=1)
def fp7_titles() -> tuple[Record, ...]:
    """Titles of the projects of the seventh framework programme: 25,000 very short texts in English."""
    return tuple(
        Record(f"fp7-{row['project_id']}", plain(row["title"]), "", row["start_date"])
        for row in table("cordis/fp7_projects.csv.gz")
        if row["title"]
    )


@lru_cache(maxsize=1)
def units() -> tuple[Record, ...]:
    """Research units of the national register: their names, fields and panels, each its own owner."""
    found = []
    for row in table("rnsr/structures_actives_2022.csv.gz"):
        text = "; ".join(row[name] for name in ("sigle", "domaine_scientifique", "panel_erc") if row[name])
        number = row["numero_national_de_structure"]
        found.append(Record(f"rnsr-{number}", plain(row["libelle"]), text, "2001", (number,)))
    return tuple(found)


@lru_cache(maxsize=1)
def topics_with_fields() -> tuple[Record, ...]:
    """Titles of the topics of Horizon Europe, with the scientific fields of the projects they funded as owners."""
    fields: dict[str, set[str]] = {}
    for row in table("cordis/he_project_euroscivoc.csv.gz"):
        fields.setdefault(row["project_id"], set()).add(row["euroscivoc_code"])
    grouped: dict[str, tuple[str, set[str]]] = {}
    for row in table("cordis/he_project_topics.csv.gz"):
        title, codes = grouped.setdefault(row["topic"], (plain(row["topic_title"]), set()))
        codes.update(fields.get(row["project_id"], ()))
    found = []
    for topic, (title, codes) in grouped.items():
        year = re.search(r"20(2\d)", topic)
        if year and 1 <= len(codes) <= 40 and len(title.split()) >= 5:
            found.append(Record(topic, title, "", year.group(), tuple(sorted(codes))))
    return tuple(found)


@lru_cache(maxsize=1)
def water_topics() -> dict[str, str]:
    """The topic of each European project about water."""
    return {row["project_id"]: row["topic"] or "" for row in lines("cordis/water_projects.jsonl.gz")}


@lru_cache(maxsize=1)
def field_names() -> dict[str, str]:
    """The names of scientific fields, by code."""
    return {row["euroscivoc_code"]: row["title"] for row in table("cordis/euroscivoc_vocabulary.csv.gz")}


def patent_classes(language: str) -> tuple[dict[str, str], tuple[Record, ...]]:
    """The titles of the patent subclasses, and the main groups with their titles, without the references to others."""
    title = f"title_{language}"
    with (root() / "reference/ipc_titles.csv").open(encoding="utf-8", newline="") as stream:
        levels = [row for row in csv.DictReader(stream) if row["level"] == "subclass"]
    parents = {row["symbol"]: REFERENCE.sub("", row[title]) for row in levels if row[title]}
    with (root() / "reference/ipc_main_groups.csv").open(encoding="utf-8", newline="") as stream:
        groups = [row for row in csv.DictReader(stream) if row[title]]
    return parents, tuple(
        Record(row["symbol"], "", REFERENCE.sub("", row[title]), "", (), row["subclass"]) for row in groups
    )
