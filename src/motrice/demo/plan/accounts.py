"""Who can sign in: one documented account per role, and those whose acts the history of the desk needs."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from motrice.demo.plan.institutions import Institutions
from motrice.demo.plan.laboratories import Laboratories
from motrice.demo.plan.model import Body, Human, World

SINCE = date(2022, 1, 3)
DOMAIN = "demo.motrice.invalid"


@dataclass(slots=True)
class Account:
    """A user with the roles held: each a kind, a body (None for the whole site) and its last day."""

    email: str
    name: str
    language: str
    human: int | None = None
    roles: list[tuple[str, int | None, date | None]] = field(default_factory=list)
    # What a visitor of the demonstration is told of it; empty for accounts that only act in the history.
    titles: dict[str, str] = field(default_factory=dict)


class Accounts:
    """Adds contacts of companies and officers of institutes to the world, then the accounts of those who act."""

    def __init__(self, world: World, rng: Random, around: Institutions, laboratories: Laboratories):
        self.world = world
        self.rng = rng
        self.around = around
        self.laboratories = laboratories
        self.accounts: list[Account] = []
        self.of_human: dict[int, Account] = {}
        self.contacts: dict[int, Account] = {}
        self.officers: dict[int, Account] = {}
        self.heads: dict[int, Account] = {}
        self.posted: dict[int, Human] = {}
        # Who keeps the portfolio of each office: its officers, and its patent engineers where it has any.
        self.keepers: dict[int, list[Account]] = {}
        self.engineers: dict[int, list[Account]] = {}

    def build(self) -> None:
        """The order decides nothing but the keys: those who act first, then the documented ones."""
        self._contacts()
        self._officers()
        self._heads()
        self._documented()
        self._keepers()
        self._directors()
        self._fill()

    def _account(self, human: Human, language: str = "fr") -> Account:
        held = self.of_human.get(human.key)
        if held is None:
            held = Account(human.email, f"{human.given_name} {human.family_name}", language, human.key)
            self.of_human[human.key] = held
            self.accounts.append(held)
        return held

    def _contacts(self) -> None:
        for need in self.world.needs:
            if need.company not in self.contacts:
                company = self.world.bodies[need.company]
                human = self.laboratories.person(company, level="organisation")
                self.laboratories.post(human, company, "contact", date(2020, 1, 1))
                account = self._account(human, need.language)
                account.roles.append(("company_contact", company.key, None))
                self.contacts[company.key] = account

    def _officers(self) -> None:
        for institute in self.around.institutes:
            human = self.laboratories.person(institute)
            self.laboratories.post(human, institute, "officer", date(2021, 1, 1))
            account = self._account(human)
            account.roles.append(("officer", institute.key, None))
            self.officers[institute.key] = account
        for body in (*self.around.universities, *self.around.schools):
            human = self.laboratories.person(body)
            self.laboratories.post(human, body, "officer", date(2021, 1, 1))
            self.posted[body.key] = human

    def _heads(self) -> None:
        asked = sorted({key for need in self.world.needs for key in (*need.best, *need.others)})
        for key in asked:
            account = self._account(self.world.humans[self.laboratories.heads[key]])
            account.roles.append(("lab_director", key, None))
            self.heads[key] = account

    def _documented(self) -> None:
        """One account per role, placed where something awaits it."""
        waiting = self._need("referred") or self.world.needs[-1]
        unit = self.world.bodies[waiting.best[0]]
        company = self._own_need("answered") or self._own_need() or self.world.needs[-1]
        staff = self.laboratories.staff[unit.key]
        institute = self.around.institutes[0]
        school = self.around.schools[0]
        people = self.world.humans
        self._show(self.heads[unit.key], "laboratory", "Directeur de laboratoire", "Laboratory director")
        for order, (kind, french, english) in enumerate(
            (("correspondent", "Correspondante du laboratoire", "Correspondent in the laboratory"),
             ("researcher", "Chercheuse", "Researcher")), start=1
        ):  # fmt: skip
            account = self._account(people[staff[min(order, len(staff) - 1)]])
            account.roles.append((kind, unit.key, None))
            self._show(account, kind, french, english)
        self._show(self.contacts[company.company], "company", "Contact d'entreprise", "Company contact")
        self._show(self.officers[institute.key], "officer", "Chargée de valorisation", "Transfer officer")
        self._new("desk", "Guichet du réseau", "Network desk officer", [("officer", None, None)])
        self._new("desk2", "", "", [("officer", None, None)])
        self._new("coordinator", "Coordinatrice du réseau", "Network coordinator", [("coordinator", None, None)])
        self._new("representative", "Représentant d'institut", "Institute representative",
                  [("representative", institute.key, None)], institute)  # fmt: skip
        self._new("director", "Directrice d'école", "Director of a school", [("director", school.key, None)], school)
        self._new("legal", "Juriste", "Legal", [("legal", institute.key, None)], institute)
        mission = date(self.world.today.year + 1, 6, 30)
        self._new("auditor", "Auditeur en mission", "Auditor", [("auditor", None, mission)])
        self._new("administrator", "Administratrice", "System administrator", [("administrator", None, None)])

    def _keepers(self) -> None:
        """An officer for each body that keeps assets; the national one has a team, shown with its firm."""
        for key in sorted({asset.office for asset in self.world.assets}):
            body = self.world.bodies[key]
            team = 5 if body is self.around.national and self.world.size.families > 1000 else 1
            self.keepers[key] = [self._keeper(body, "officer") for _rank in range(team)]
        national = self.around.national
        if national.key in self.keepers:
            self._show(self.keepers[national.key][0], "portfolio", "Chargée de portefeuille", "Portfolio officer")
            self.engineers[national.key] = [self._keeper(national, "patent_engineer")]
            self._show(self.engineers[national.key][0], "engineer", "Ingénieur brevets", "Patent engineer")
            self._show(self._keeper(national, "finance"), "finance", "Responsable financière", "Finance")
        firms = [asset.firm for asset in self.world.assets if asset.firm is not None]
        if firms:
            keeper = self._keeper(self.world.bodies[firms[0]], "patent_firm")
            self._show(keeper, "attorney", "Conseil en propriété industrielle", "Patent attorney")

    def _directors(self) -> None:
        """Each office has a director, who approves what its officer proposes."""
        for key in sorted(self.keepers):
            self._keeper(self.world.bodies[key], "director")

    def _keeper(self, body: Body, role: str) -> Account:
        posted = self.posted.get(body.key) if role == "officer" else None
        account = self._account(posted or self.laboratories.person(body))
        account.roles.append((role, body.key, None))
        return account

    def _need(self, story: str):
        return next((need for need in reversed(self.world.needs) if need.story == story), None)

    def _own_need(self, story: str = ""):
        """The last need that its company's contact sees under their own sign-in."""
        own = (need for need in reversed(self.world.needs) if not need.is_from_visitor)
        return next((need for need in own if story in ("", need.story)), None)

    def _show(self, account: Account, code: str, french: str, english: str) -> None:
        account.email = f"{code}@{DOMAIN}"
        account.titles = {"fr": french, "en": english}
        if account.human is not None:
            self.world.humans[account.human].email = account.email

    def _new(
        self, code: str, french: str, english: str, roles: list[tuple[str, int | None, date | None]],
        body: Body | None = None,
    ) -> None:  # fmt: skip
        house = body or self.world.bodies[self.world.landmarks["association"]]
        account = self._account(self.laboratories.person(house))
        account.roles += roles
        if french:
            self._show(account, code, french, english)

    def _fill(self) -> None:
        """Contacts at other companies until the world has its number of people."""
        companies = [body for body in self.world.bodies if body.kind == "company" and body.key not in self.contacts]
        for company in companies:
            if len(self.world.humans) >= self.world.size.people:
                return
            human = self.laboratories.person(company, level="organisation")
            self.laboratories.post(human, company, "contact", date(2021, 1, 1))
