"""A small collection in two languages, with owners and levels of access."""

import shutil

import pytest

from motrice.engines.search import Document, Index

BATTERY = Document(
    "battery",
    "Batteries lithium-ion",
    "Stockage d'énergie électrochimique : anodes en Li4Ti5O12 pour véhicules électriques.",
    language="fr",
    owners=["Laboratoire A", "Laboratoire B"],
    date="2020-03-01",
    kind="project",
    tags=["energy"],
    access=["public"],
)
SOLAR = Document(
    "solar",
    "Perovskite solar cells",
    "Thin films of TiO2 for solar cells and energy harvesting.",
    language="en",
    owners=["Laboratoire B"],
    date="2021-06-15",
    kind="project",
    tags=["energy", "materials"],
    access=["network"],
)
RIVER = Document(
    "river",
    "Floods of rivers",
    "Hydrology of floods: models of rivers under heavy rain.",
    language="en",
    owners=["Laboratoire C"],
    date="2022-01-10",
    kind="offer",
    tags=["water"],
    access=["public"],
)
SECRET = Document(
    "secret",
    "Batteries au sodium",
    "Batteries au sodium, résultat confidentiel sur les électrodes de batteries.",
    language="fr",
    owners=["Laboratoire C"],
    kind="project",
    access=["unit:c"],
)
COLLECTION = (BATTERY, SOLAR, RIVER, SECRET)


@pytest.fixture
def empty(tmp_path):
    with Index.create(tmp_path / "index") as index:
        yield index


@pytest.fixture(scope="session")
def collection(tmp_path_factory):
    """The directory of an index of the collection, to be copied: it is built once."""
    directory = tmp_path_factory.mktemp("collection") / "index"
    with Index.create(directory) as index:
        index.add(COLLECTION)
        index.commit(durable=False)
    return directory


@pytest.fixture
def index(collection, tmp_path):
    shutil.copytree(collection, tmp_path / "index")
    with Index.open(tmp_path / "index") as index:
        yield index
