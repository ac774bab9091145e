"""The bodies around the laboratories: schools, universities, labelled institutes, transfer mechanisms."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from random import Random

from motrice.demo.content.vocabulary import Field, fields
from motrice.demo.plan import identifiers
from motrice.demo.plan.model import Body, Link, World
from motrice.demo.plan.names import City, NameMaker, cities, regions, street

NATIONAL = ("Centre national Hespéride de la recherche", "CNHR")
GROUP = ("Institut des écoles Clairmine", "IEC")
SCHOOLS = ("Atlantique", "des Alpes", "du Nord", "d'Alsace", "du Midi", "de Provence", "de Paris", "de Bretagne")
SCHOOL_CITIES = ("Nantes", "Saint-Étienne", "Lille", "Mulhouse", "Albi", "Gardanne", "Palaiseau", "Brest")
RESEARCH_BODIES = (
    ("Institut national Sylvane pour l'agriculture et l'eau", "INSAE", ("agrifood", "water", "environment")),
    ("Institut national Asclépide de la santé", "INAS", ("healthtech", "diagnostics", "drugdelivery", "cosmetics")),
    ("Institut Numéria des sciences du numérique", "INSN", ("data", "cybersecurity", "robotics")),
    ("Commissariat Pyrénor aux énergies nouvelles", "CPEN", ("batteries", "hydrogen", "microelectronics")),
    ("Office Borélia d'études aérospatiales", "OBEA", ("aerospace", "photonics", "transport")),
)
UNIVERSITY_CITIES = (
    "Lyon",
    "Grenoble",
    "Besançon",
    "Rennes",
    "Tours",
    "Strasbourg",
    "Lille",
    "Paris",
    "Caen",
    "Bordeaux",
    "Toulouse",
    "Montpellier",
    "Nantes",
    "Marseille",
)
# The domains of the directory's catalogue in which each field of the content falls.
DOMAINS = {
    "materials": "materials",
    "batteries": "energy",
    "hydrogen": "energy",
    "photonics": "physics",
    "microelectronics": "electronics",
    "robotics": "mechanics",
    "data": "digital",
    "cybersecurity": "digital",
    "healthtech": "health",
    "diagnostics": "health",
    "drugdelivery": "health",
    "agrifood": "agrifood",
    "water": "environment",
    "environment": "environment",
    "construction": "building",
    "textiles": "materials",
    "cosmetics": "materials",
    "transport": "transport",
    "aerospace": "space",
    "heritage": "humanities",
}
# The market segments of the desk's catalogue that the companies of each field belong to.
SEGMENTS = {
    "materials": ("chemistry-materials", "mechanics-manufacturing"),
    "batteries": ("energy", "electronics-photonics"),
    "hydrogen": ("energy", "chemistry-materials"),
    "photonics": ("electronics-photonics",),
    "microelectronics": ("electronics-photonics",),
    "robotics": ("mechanics-manufacturing",),
    "data": ("digital",),
    "cybersecurity": ("digital",),
    "healthtech": ("health",),
    "diagnostics": ("health",),
    "drugdelivery": ("health",),
    "agrifood": ("agrifood",),
    "water": ("water-environment",),
    "environment": ("water-environment", "services-finance"),
    "construction": ("construction-city",),
    "textiles": ("luxury",),
    "cosmetics": ("luxury",),
    "transport": ("transport-mobility",),
    "aerospace": ("aerospace-defence",),
    "heritage": ("culture-media",),
}
# Waves of the label: from, to, and how many bear it in full and as associated structures. The last one has not ended.
WAVES = (
    (date(2006, 1, 1), date(2010, 12, 31), 33, 0),
    (date(2011, 1, 1), date(2015, 12, 31), 34, 0),
    (date(2016, 1, 1), date(2019, 12, 31), 29, 9),
    (date(2020, 1, 1), date(2029, 12, 31), 34, 4),
)
NATIONAL_SHARE = (20, 7)
SATT_NAMES = (
    "Essor Rhodanien",
    "Relais Alpin",
    "Comtat Élan",
    "Armor Valorise",
    "Ligéria",
    "Rhénane Relais",
    "Boréal Nord",
    "Ourcq Innove",
    "Plateau Sud",
    "Normandia",
    "Garonnia",
    "Oxitania",
    "Cévennes Relais",
    "Phocéa Mistral",
)
SATT_CITIES = (
    "Lyon",
    "Grenoble",
    "Besançon",
    "Rennes",
    "Nantes",
    "Strasbourg",
    "Lille",
    "Paris",
    "Palaiseau",
    "Caen",
    "Bordeaux",
    "Toulouse",
    "Montpellier",
    "Marseille",
)
TECHNOLOGY_INSTITUTES = (
    ("Aérovanne", "Toulouse", ("space",)),
    ("Ferrolys", "Metz", ("materials", "mechanics")),
    ("Bioméris", "Lyon", ("health",)),
    ("Nanoprisme", "Grenoble", ("electronics", "physics")),
    ("Railénor", "Valenciennes", ("transport",)),
    ("Systélia", "Palaiseau", ("digital",)),
    ("Composéa", "Nantes", ("materials", "mechanics")),
    ("Réseaulis", "Rennes", ("digital",)),
)
ENERGY_INSTITUTES = (
    ("Solarenne", "Pau", ("energy",)),
    ("Vent-Marée", "Brest", ("energy", "environment")),
    ("Bâtisol", "Clermont-Ferrand", ("building", "energy")),
    ("Végécarb", "Compiègne", ("agrifood", "energy")),
    ("Mobilience", "Belfort", ("transport", "energy")),
    ("Géothermine", "Orléans", ("energy", "environment")),
)
CLUSTERS = (
    ("Pôle Textiléa", "Lille", ("materials",)),
    ("Pôle Aquavalis", "Montpellier", ("environment",)),
    ("Pôle Cosméa", "Tours", ("materials", "health")),
    ("Pôle Optirem", "Lannion", ("physics", "electronics")),
    ("Pôle Alimentis", "Dijon", ("agrifood",)),
    ("Pôle Cybarmor", "Rennes", ("digital",)),
)


class Institutions:
    """Adds the bodies that stand around the laboratories, and remembers who serves which field."""

    def __init__(self, world: World, names: NameMaker, rng: Random):
        self.world = world
        self.names = names
        self.rng = rng
        self.places = {city.name: city for city in cities()}
        self.number = 0
        self.national: Body
        self.schools: list[Body] = []
        self.universities: list[Body] = []
        self.research: list[tuple[Body, tuple[str, ...]]] = []
        self.institutes: list[Body] = []
        self.fields_of: dict[int, tuple[str, ...]] = {}
        # Dates of each institute's labels, and whether the national organisation takes part in it.
        self.waves_of: dict[int, list[tuple[date, date]]] = {}
        self.national_in: set[int] = set()

    def build(self) -> None:
        """Add everything, in an order that never changes."""
        self._bodies()
        self._labels()
        self._mechanisms()

    def _body(self, kind: str, name: str, short: str, city: str | City, founded: int, **values) -> Body:
        self.number += 1
        place = self.places[city] if isinstance(city, str) else city
        held = [("ror", identifiers.ror(self.number)), ("siret", identifiers.siret(90000 + self.number))]
        body = self.world.add(
            kind, name, short_name=short, city=place, street=street(self.rng), starts_on=date(founded, 1, 1), **values
        )
        body.identifiers += held
        if kind in ("university", "school"):
            body.identifiers.append(("uai", identifiers.uai(self.number)))
        return body

    def _link(self, source: Body, target: Body, kind: str, **values) -> None:
        self.world.links.append(Link(source.key, target.key, kind, **values))

    def _bodies(self) -> None:
        marks = self.world.landmarks
        ministry = self._body("funder", "Ministère de la Recherche et de la Navigation", "MRN", "Paris", 1958)
        agency = self._body("funder", "Agence nationale des labels de recherche", "ANLR", "Paris", 2005)
        self._link(ministry, agency, "parent", starts_on=date(2005, 1, 1))
        self.national = self._body("research_body", *NATIONAL, "Paris", 1947)
        self.national.names.append(("translation", "Hesperides National Centre for Research", "en", None, None))
        group = self._body("research_body", *GROUP, "Palaiseau", 1997)
        marks |= {"ministry": ministry.key, "national": self.national.key, "group": group.key}
        for name, city in zip(SCHOOLS, SCHOOL_CITIES, strict=True):
            full = f"École Clairmine {name}"
            school = self._body("school", full, self.names.acronym(full), city, 1840 + self.rng.randint(0, 120))
            self._link(group, school, "parent", starts_on=date(1997, 1, 1))
            self.schools.append(school)
        for name, short, served in RESEARCH_BODIES:
            body = self._body("research_body", name, short, self.rng.choice(cities()), self.rng.randint(1946, 1990))
            self.research.append((body, served))
        for city in UNIVERSITY_CITIES:
            full = f"Université {self.names.family()} de {city}"
            self.universities.append(self._body("university", full, f"U-{city[:4].upper()}", city, 1970))
        for city in ("Lyon", "Paris", "Rennes", "Montpellier"):
            self._body("hospital", f"Centre hospitalier Sainte-{self.names.family()} de {city}", "", city, 1900)
        marks["school"] = self.schools[0].key

    def _labels(self) -> None:
        label = self._body("label", "Label Sextant", "", "Paris", 2006)
        associated = self._body("label", "Label Sextant, structures associées", "", "Paris", 2016)
        association = self._body("association", "Association des instituts Sextant", "AiSextant", "Paris", 2006)
        self.world.landmarks |= {"label": label.key, "associated": associated.key, "association": association.key}
        groups = self._institutes(46)
        full_bearers = self._bearers(groups)
        self._national_part(full_bearers[2])
        for (start, planned, *_counts), (bearers, guests) in zip(WAVES, full_bearers, strict=True):
            end = max(planned, date(self.world.today.year + 1, 12, 31)) if start == WAVES[-1][0] else planned
            for target, institutes in ((label, bearers), (associated, guests)):
                for institute in institutes:
                    self._link(institute, target, "labelled_as", starts_on=start, ends_on=end)
                    self._link(institute, association, "member_of", starts_on=start, ends_on=end)
                    self.waves_of.setdefault(institute.key, []).append((start, end))
        current = {body.key for group in full_bearers[3] for body in group}
        self.institutes = [body for body in groups if body.key in current]
        for institute in groups:
            self._institute_details(institute, is_full=institute in full_bearers[3][0])

    def _institutes(self, count: int) -> list[Body]:
        """Institutes with one to two fields each, so that each field has several."""
        order = [field for _round in range(5) for field in fields()]
        found = []
        for rank in range(count):
            served = (order[rank], order[(rank * 7 + 3) % 20])
            eponym = self.names.family()
            city = self.rng.choice(cities())
            name = f"Institut Sextant {eponym} : {served[0].names['fr'].lower()}"
            institute = self._body("institute", name, f"Sextant {eponym}", city, 2005)
            institute.names.append(
                ("translation", f"Sextant Institute {eponym}: {served[0].names['en'].lower()}", "en", None, None)
            )
            self._serve(institute, served)
            found.append(institute)
        return found

    def _serve(self, body: Body, served: Iterable[Field]) -> None:
        codes = tuple(dict.fromkeys(field.code for field in served))
        self.fields_of[body.key] = codes
        body.topics += [("segment", code) for code in dict.fromkeys(s for field in codes for s in SEGMENTS[field])]
        body.topics += [("domain", code) for code in dict.fromkeys(DOMAINS[field] for field in codes)]

    def _bearers(self, groups: list[Body]) -> list[tuple[list[Body], list[Body]]]:
        """Who bears the label in each wave: 26 always, the others coming and going."""
        steady, early, second, late = groups[:26], groups[26:33], groups[33:41], groups[41:46]
        associated = second[3:7] + late
        return [
            (steady + early, []),
            (steady + second, []),
            (steady + second[:3], associated),
            (steady + second[:3] + associated[:5], associated[5:]),
        ]

    def _national_part(self, wave: tuple[list[Body], list[Body]]) -> None:
        """The national organisation takes part in 20 of the 29 labelled institutes and in 7 of the 9 associated."""
        for institutes, count in zip(wave, NATIONAL_SHARE, strict=True):
            for institute in institutes[:count]:
                self.national_in.add(institute.key)
                self._link(self.national, institute, "participates", starts_on=date(2006, 1, 1))

    def _institute_details(self, institute: Body, *, is_full: bool) -> None:
        operator = self.rng.choice(self.schools + self.universities)
        self._link(operator, institute, "operates", starts_on=date(2006, 1, 1))
        waves = self.waves_of[institute.key]
        if waves[-1][1] < self.world.today:
            institute.ends_on = waves[-1][1]
        institute.starts_on = waves[0][0]
        domains = [DOMAINS[field] for field in self.fields_of[institute.key]]
        institute.mechanism = {
            "mechanism_type": "carnot" if is_full or institute.ends_on else "tremplin_carnot",
            "domains": list(dict.fromkeys(domains)),
            "trl_min": 2,
            "trl_max": 7,
        }

    def _mechanisms(self) -> None:
        by_region = {
            region: [name for name in SATT_CITIES if self.places[name].region == region] for region in regions()
        }
        for name, city in zip(SATT_NAMES, SATT_CITIES, strict=True):
            region = self.places[city].region
            served = [region] + [other for other, held in by_region.items() if not held and self.rng.random() < 0.3]
            body = self._mechanism(
                "satt", f"SATT {name}", city, 2012, regions=served, steps=["maturation"], trl=(3, 6), amount=68
            )
            for university in self.universities:
                if university.city.region == region:
                    self._link(university, body, "participates", starts_on=date(2012, 6, 1))
            self._link(self.national, body, "participates", starts_on=date(2012, 6, 1))
        company = self._mechanism(
            "national_transfer_company", "Hespéride Valorisation", "Paris", 1992, trl=(1, 6), amount=40
        )
        self._link(self.national, company, "operates", starts_on=date(1992, 3, 1))
        for code, founded, amount, group in (
            ("irt", 2012, 250, TECHNOLOGY_INSTITUTES),
            ("ite", 2013, 140, ENERGY_INSTITUTES),
            ("cluster", 2005, 12, CLUSTERS),
        ):
            for name, city, domains in group:
                full = name if code == "cluster" else f"Institut {name}"
                self._mechanism(code, full, city, founded, domains=list(domains), amount=amount)
        closed = self.world.bodies[-1]
        closed.ends_on = date(2018, 6, 30)
        self.world.landmarks["closed_in_2018"] = closed.key
        self._mechanism("patent_fund", "France Titres Réunis", "Paris", 2011, amount=90)
        self._mechanism("seed_fund", "Fonds Premier Sillon", "Paris", 2011, amount=300)
        programme = self._mechanism("prematuration_programme", "Programme Étincelle", "Paris", 2015, amount=15)
        self._link(self.national, programme, "operates", starts_on=date(2015, 1, 1))
        for city in ("Nantes", "Grenoble", "Toulouse", "Lille"):
            self._mechanism("incubator", f"Incubateur {self.names.family()}", city, 2000, amount=3)

    def _mechanism(
        self, code: str, name: str, city: str, founded: int, *, amount: int, trl: tuple[int, int] | None = None, **more
    ) -> Body:
        body = self._body("mechanism", name, "", city, founded)
        body.mechanism = {
            "mechanism_type": code,
            "amount": Decimal(amount * 1_000_000).quantize(Decimal("0.01")),
            "currency": "EUR",
        } | more
        if trl:
            body.mechanism |= {"trl_min": trl[0], "trl_max": trl[1]}
        if code in ("cluster", "incubator"):
            body.mechanism["regions"] = [body.city.region]
        return body
