"""What the gallery shows: plainly invented, in one language, since it is no page of the site."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from motrice.web import formats, parts
from motrice.web.charts import Chart, Series
from motrice.web.drawings import Lineage, LineageEdge, LineageNode, MapPoint, PositionMap

START = datetime(2026, 11, 12, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
NOTE = "Needs of the network, January to June 2026; counted on 22 November 2026."

HEAD = parts.RecordHead(
    title="Un vitrage qui garde la chaleur sans perdre la lumière",
    reference="7KQ4ZR2M",
    kind="Need",
    state=parts.Badge("Referred", "accent"),
    level=parts.Badge("Named circle", "warn", icon="lock", url="#why"),
    holder="Odile Brume",
    held_since=date(2026, 11, 12),
    next_step=parts.Step("Record the answer", "#answer"),
    other_steps=[parts.Step("Add a laboratory", "#add")],
)
DATES = [
    parts.DateAhead(date(2026, 11, 18), "Promised answer"),
    parts.DateAhead(date(2027, 1, 15), "Decision of the company"),
]
PEOPLE = [
    parts.Link("Odile Brume", "#odile", "desk officer"),
    parts.Link("Verrerie des Essarts", "#company", "company"),
]
WAITING = [
    parts.Waiting("Answer the need 7KQ4ZR2M", "#n", "you hold it", date(2026, 11, 18), "Answer"),
    parts.Waiting("Accept the referral of the glass maker", "#r", "you direct the unit", date(2027, 2, 1), "Open"),
]
BADGES = [
    parts.Badge("Open", "accent"),
    parts.Badge("Answered", "good"),
    parts.Badge("Waiting", "warn"),
    parts.Badge("Refused", "bad"),
    parts.Badge("Draft"),
]
STORY = [
    parts.TimelineItem(
        "referred it to the glass laboratory",
        START + timedelta(days=1),
        "Odile Brume",
        is_key=True,
        why="They coated a similar pane for a greenhouse last year.",
        files=[parts.FileLink("cahier-des-charges.pdf", "#file", 482_113)],
    ),
    parts.TimelineItem("took the need", START + timedelta(hours=2), "Odile Brume"),
    parts.TimelineItem("sent the need", START, "Aymar Fontvieille"),
]
EVIDENCE = [
    parts.Evidence(
        "Couches minces pour vitrages",
        "Dépôt de couches minces d’oxyde par pulvérisation pour des vitrages à basse émissivité, mesuré en ligne.",
        ("vitrages", "couches minces"),
        0.62,
        "#e1",
        "ANR",
        date(2024, 3, 1),
    ),
    parts.Evidence(
        "Low-emissivity coatings",
        "Coatings that keep heat and let light through.",
        ("light", "heat"),
        0.38,
        source="CORDIS",
    ),
]
WORK = parts.Work("Import of structures", 3120, 4506, failed=23, note="RNSR 2026-11")
COMPARISON = parts.Comparison(
    heads=[parts.Link("Laboratoire des verres", "#a", "Rennes"), parts.Link("Institut des surfaces", "#b", "Lyon")],
    lines=[
        parts.CompareLine("Kind", ["UMR", "UMR"]),
        parts.CompareLine("Evidence", [12, 7]),
        parts.CompareLine("Platform", ["yes", "no"]),
    ],
    title="Two laboratories side by side",
)
SUGGESTIONS = [
    parts.Suggestion("Laboratoire des verres", "#verres", "unit", "Rennes"),
    parts.Suggestion("Verrerie des Essarts", "#essarts", "company"),
]

MONTHS = ["01/26", "02/26", "03/26", "04/26", "05/26", "06/26"]
SENT = Series("Sent", [12, 18, 9, 22, 31, 27], [f"#sent-{month[:2]}" for month in MONTHS])
ANSWERED = Series("Answered", [10, 15, 9, 17, 24, 11], [f"#answered-{month[:2]}" for month in MONTHS])
STEPS = ["Sent", "Referred", "Accepted", "Introduced", "Contract"]
LINEAGE = Lineage(
    "Line of successors",
    [
        LineageNode("a", "Laboratoire des verres anciens", 1992, 2007, "#a"),
        LineageNode("b", "Centre des céramiques", 1998, 2007, "#b"),
        LineageNode("c", "Institut des matériaux clairs", 2008, None, "#c", is_here=True),
        LineageNode("d", "Équipe surfaces", 2019, None, "#d"),
    ],
    [
        LineageEdge("a", "c", "merger", 2008),
        LineageEdge("b", "c", "merger", 2008),
        LineageEdge("c", "d", "split", 2019),
    ],
)
MAP = PositionMap(
    "Where the units are",
    [
        MapPoint(2.35, 48.85, "Paris", "#paris"),
        MapPoint(-1.68, 48.11, "Rennes", "#rennes"),
        MapPoint(5.72, 45.19, "Grenoble", "#grenoble"),
        MapPoint(9.15, 42.3, "Corte", "#corte"),
        MapPoint(7.75, 48.58, "Strasbourg"),
        MapPoint(55.45, -20.9, "Saint-Denis", "#reunion"),
    ],
)


def charts() -> list[Chart]:
    """One chart of each kind."""
    return [
        Chart("bar", "Needs by month", MONTHS, [SENT], "needs", NOTE, "Month", "needs-bar"),
        Chart("line", "Sent and answered", MONTHS, [SENT, ANSWERED], "needs", NOTE, "Month", "needs-line"),
        Chart("stacked", "Answers by month", MONTHS, [SENT, ANSWERED], "needs", NOTE, "Month", "needs-stacked"),
        Chart(
            "funnel",
            "From need to contract",
            STEPS,
            [Series("Needs", [119, 96, 61, 40, 9])],
            "",
            NOTE,
            "Step",
            "funnel",
        ),
    ]


def facts(sector: str = "Glass") -> list[parts.Fact]:
    """The lines of a small table, one of which the gallery edits in place."""
    return [
        parts.Fact("Sector", sector),
        parts.Fact("Maturity", "TRL 4"),
        parts.Fact("Budget", formats.amount_text(45000)),
    ]
