"""One small file of each sort, with a second version in which one field differs. All names are invented."""

from dataclasses import dataclass, field
from typing import Any

from tests.directory.factories import IdentifierFactory, OrganisationFactory

UNIT, OTHER_UNIT = "201922987H", "200012345Y"


@dataclass
class Sample:
    """A file, the same with one field changed, and what that must propose."""

    rows: list[dict[str, Any]]
    name: str
    value: Any
    change: list[Any]
    partners: list[dict[str, Any]] = field(default_factory=list)
    first: int = 0  # the row that changes
    also: list[Any] = field(default_factory=list)  # the same said of the address

    @property
    def changes(self):
        """All that the second version must propose."""
        return [self.change, *([self.also] if self.also else [])]

    @property
    def beside(self):
        """The files beside the main one."""
        return {"partners": self.partners} if self.partners else {}

    def changed(self):
        """The rows of the second version."""
        return [{**row, self.name: self.value} if n == self.first else row for n, row in enumerate(self.rows)]


def known_bodies():
    """What files of texts and of partners find in the directory."""
    unit = OrganisationFactory(unit=True, name="Laboratoire inventé des verres")
    IdentifierFactory(organisation=unit, scheme="rnsr", value=UNIT)
    body = OrganisationFactory(name="Université inventée de Brest")
    IdentifierFactory(organisation=body, scheme="uai", value="0291234J")


def structure(number, name, **fields):
    return {"numero_national_de_structure": number, "libelle": name, **fields}


def laureate(key, **fields):
    return {"row_id": key, "year": "2021", "pitch": "Un verre inventé qui se répare", **fields}


SAMPLES = {
    "rnsr": Sample(
        [
            structure("200112345U", "Laboratoire inventé du sel", commune="Brest", code_postal="29200",
                      tutelles="Institut inventé;Institut sans numéro", siret_des_tutelles="18008901303720;",
                      nature_de_tutelle="Organismes de recherche;Étranger", code_de_type_de_tutelle="TUTE;PART",
                      label_numero="UMR 9999;"),
            structure("200112346V", "Équipe inventée du sel", numero_de_structure_parent="200112345U",
                      numero_de_structure_historique="199512345V", type_de_succession="intégration",
                      annee_d_effet_historique="2011"),
        ],
        "commune", "Quimper", ["city", "Brest", "Quimper"], also=["address", {"city": "Brest"}, {"city": "Quimper"}],
    ),
    "ror-places": Sample(
        [{"ror_id": "02feahw73", "name": "Institut inventé", "types": "facility", "country_code": "FR",
          "region": "Brittany", "city": "Brest", "lat": "48.4", "lng": "-4.5"}],
        "city", "Rennes", ["city", "Brest", "Rennes"], also=["address", {"city": "Brest"}, {"city": "Rennes"}],
    ),
    "transfer-mechanisms": Sample(
        [
            {"project_id": "ANR-10-SATT-0001", "call_title": "SATT", "call_year": "2010", "acronym": "SATT INVENTÉE",
             "title_fr": "SATT INVENTÉE (EX ANCIENNE)", "funding_eur": "1000000"},
            {"project_id": "ANR-11-CARN-0002", "call_title": "CARN", "call_year": "2011", "acronym": "SEL",
             "title_fr": "Institut Carnot inventé du sel", "funding_eur": "2000"},
        ],
        "acronym", "SATT NEUVE", ["short_name", "SATT INVENTÉE", "SATT NEUVE"],
        partners=[{"project_id": "ANR-10-SATT-0001", "is_coordinator": "False", "country": "France",
                   "organisation_name": "Université inventée de Brest", "organisation_category": "Universités",
                   "region": "Bretagne"}],
    ),
    "eu-participants": Sample(
        [
            {"pic": "999997930", "vat_number": "FR40303265045", "name": "SOCIÉTÉ INVENTÉE", "short_name": "SI",
             "activity_type": "PRC", "city": "Brest", "country": "FR", "geolocation": "48.4,-4.5"},
            {"pic": "999997930", "name": "SOCIÉTÉ INVENTÉE", "city": "Brest", "country": "FR"},
        ],
        "city", "Rennes", ["city", "Brest", "Rennes"], also=["address", {"city": "Brest"}, {"city": "Rennes"}],
    ),
    "eu-names": Sample(
        [
            {"pic": "999997930", "name": "Société inventée", "country": "FR", "source": "fp7"},
            {"pic": "999997930", "name": "Invented company", "country": "FR", "source": "h2020"},
        ],
        "name", "Invented firm", ["other_name", None, ["alias", "Invented firm", ""]], first=1,
    ),
    "ilab": Sample(
        [
            laureate("1", siren="732829320", company_name="Verre inventé", research_unit_rnsr_ids=UNIT,
                     region="Bretagne", company_website="https://verre.example"),
            laureate("2", research_unit_rnsr_ids=OTHER_UNIT, research_unit_names="Laboratoire fermé, à Brest"),
        ],
        "pitch", "Un verre qui chante", ["text", "Un verre inventé qui se répare", "Un verre qui chante"],
    ),
    "anr-partners": Sample(
        [{"project_id": "ANR-12-TEST-0001", "acronym": "VERRES", "organisation_name": "Labo", "rnsr_id": UNIT}],
        "acronym", "VERRES-2", ["title", "VERRES", "VERRES-2"],
    ),
    "anr-investments": Sample(
        [{"project_id": "ANR-13-TEST-0001", "acronym": "SEL", "title_fr": "Le sel inventé", "abstract_fr": "Du sel."}],
        "abstract_fr", "Du sel gris.", ["text", "Du sel.", "Du sel gris."],
        partners=[{"project_id": "ANR-13-TEST-0001", "is_coordinator": "True",
                   "organisation_name": "Université inventée de Brest", "country": "France"}],
    ),
}  # fmt: skip
