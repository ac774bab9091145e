"""Lines of successors and maps."""

import xml.etree.ElementTree as ET

from motrice.web.drawings import CORSICA, MAINLAND, Lineage, LineageEdge, LineageNode, MapPoint, PositionMap
from motrice.web.plots import Country, TileMap

NAMESPACE = "{http://www.w3.org/2000/svg}"
A, B, C = (
    LineageNode("a", "A", 1990, 2000),
    LineageNode("b", "B", 1995, 2000),
    LineageNode("c", "C <i>", 2001, url="/c"),
)


def test_each_unit_stands_after_all_its_predecessors():
    lineage = Lineage("Line", [C, A, B], [LineageEdge("a", "b"), LineageEdge("b", "c"), LineageEdge("a", "c")])

    assert [[node.key for node in level] for level in lineage.generations()] == [["a"], ["b"], ["c"]]


def test_loop_in_the_data_is_drawn_rather_than_followed_for_ever():
    lineage = Lineage("Line", [A, B], [LineageEdge("a", "b"), LineageEdge("b", "a")])

    assert sorted(node.key for level in lineage.generations() for node in level) == ["a", "b"]
    assert ET.fromstring(lineage.drawing()) is not None


def test_succession_with_an_unknown_unit_is_left_out():
    lineage = Lineage("Line", [A, C], [LineageEdge("a", "c", "merger", 2001), LineageEdge("x", "c", "merger", 2000)])

    root = ET.fromstring(lineage.drawing())

    assert [(source.key, target.key) for source, target, _edge in lineage.sentences()] == [("a", "c")]
    assert len([path for path in root.iter(f"{NAMESPACE}path") if path.get("class") == "d-edge"]) == 1


def test_names_are_escaped_and_linked():
    root = ET.fromstring(Lineage("Line", [C], []).drawing())

    assert "C <i>" in "".join(root.itertext())
    assert [link.get("href") for link in root.iter(f"{NAMESPACE}a")] == ["/c"]


def test_points_overseas_are_listed_rather_than_lost():
    points = [MapPoint(2.35, 48.85, "Paris", "/paris"), MapPoint(55.45, -20.9, "Saint-Denis")]
    drawn = PositionMap("Where", points)

    assert [point.label for point in drawn.elsewhere()] == ["Saint-Denis"]
    assert len(list(ET.fromstring(drawn.drawing()).iter(f"{NAMESPACE}circle"))) == 1


def inside(point: tuple[float, float], shape: tuple[tuple[float, float], ...]) -> bool:
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in zip(shape, (*shape[1:], shape[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_outline_holds_towns_near_its_borders_and_leaves_others_out():
    towns = {
        "Lille": (3.06, 50.63),
        "Strasbourg": (7.75, 48.58),
        "Quimper": (-4.1, 48.0),
        "Pau": (-0.37, 43.3),
        "Perpignan": (2.9, 42.7),
        "Annecy": (6.13, 45.9),
        "Caen": (-0.36, 49.18),
        "Nantes": (-1.55, 47.22),
    }
    outside = {
        "Geneva": (6.3, 46.3),
        "Turin": (7.68, 45.07),
        "Brussels": (4.35, 50.85),
        "Barcelona": (2.17, 41.39),
        "Jersey": (-2.1, 49.2),
    }

    assert {name for name, point in towns.items() if not inside(point, MAINLAND)} == set()
    assert {name for name, point in outside.items() if inside(point, MAINLAND)} == set()
    assert inside((9.15, 42.3), CORSICA)


def test_a_tile_says_its_state_by_mark_and_word_as_well_as_by_colour():
    countries = [Country("FR", "France", url="#fr", state=0), Country("DE", "Germany", state=2)]
    drawn = TileMap("Where", [*countries, Country("EP", "Unitary patent", state=0)], ["in force", "pending", "ended"])

    root = ET.fromstring(drawn.drawing())

    titles = {title.text for title in root.iter(f"{NAMESPACE}title")}
    assert {"France: in force", "Germany: ended"} <= titles
    assert [link.get("href") for link in root.iter(f"{NAMESPACE}a")] == ["#fr"]
    assert {text.text for text in root.iter(f"{NAMESPACE}text") if len(text.text) == 1} == {"●", "×"}
    assert drawn.legend() == [(0, "●", "in force"), (2, "×", "ended")]
    assert [(country.name, told) for country, told in drawn.elsewhere()] == [("Unitary patent", "in force")]


def test_a_tile_without_a_state_says_its_figure():
    drawn = TileMap("Where", [Country("FR", "France", 75, "/fr"), Country("DE", "Germany", 1)])

    root = ET.fromstring(drawn.drawing())

    classes = {rect.get("class") for rect in root.iter(f"{NAMESPACE}rect")}
    assert classes == {"tile-0", "tile-1", "tile-4"}
    assert [told for _country, told in drawn.lines()] == ["75", "1"]
    assert (drawn.legend(), drawn.elsewhere()) == ([], [])
