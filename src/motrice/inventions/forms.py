"""Forms of the inventions: one for each step of a disclosure, and one for each act on it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import User
from motrice.core.errors import RuleViolation
from motrice.core.policies import PolicyQuerySet
from motrice.core.uploads import ACCEPTED
from motrice.directory.enums import UNIT_KINDS
from motrice.directory.models import Organisation
from motrice.directory.queries.search import find_meant
from motrice.inventions import rules
from motrice.inventions.enums import (
    DecisionKind,
    DeclineKind,
    DisclosureKind,
    DisclosureLevel,
    DivulgationKind,
    InventorRole,
    ShownPart,
    TieKind,
)
from motrice.inventions.models import Disclosure, Evaluator
from motrice.inventions.operations.outside_opinions import default_day
from motrice.inventions.operations.routing import office_officers
from motrice.web.forms import FileField, RecordField, set_actor

LANGUAGES = [("fr", "Français"), ("en", "English")]


def text_area(rows: int, **attrs: Any) -> forms.Textarea:
    """A field of several lines."""
    return forms.Textarea({"rows": rows, **attrs})


def day_input() -> forms.DateInput:
    """A day, chosen in the browser's own way."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def record_field(of: str, **kwargs: Any) -> RecordField:
    """A field that names a record of the directory."""
    return RecordField(
        find=lambda text, actor: find_meant(text, actor=actor, of=of), pick="directory:pick", of=of, **kwargs
    )


class ShareField(forms.CharField):
    """An exact share, as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A share as the fraction that it is."""
        if isinstance(value, Fraction):
            return f"{value.numerator}/{value.denominator}" if value else ""
        return value

    def clean(self, value: Any) -> Any:
        """The fraction; a wrong text is refused in words."""
        text = super().clean(value)
        if not text:
            return Fraction(0)
        try:
            return rules.parse_share(text)
        except RuleViolation as error:
            raise forms.ValidationError(str(error)) from error


class StartForm(forms.Form):
    """What is disclosed, and by which laboratory."""

    unit = forms.ModelChoiceField(Organisation.objects.none(), label=_("Laboratory"), to_field_name="reference")
    kind = forms.ChoiceField(label=_("What sort of result is it?"), choices=DisclosureKind.choices)
    language = forms.ChoiceField(label=_("Language of the disclosure"), choices=LANGUAGES)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: PolicyQuerySet = Organisation.objects.live().permitted(actor, "disclose").filter(kind__in=UNIT_KINDS)
        self.fields["unit"].queryset = units.order_by("name")
        if units.count() == 1:
            self.fields["unit"].initial = units.get().reference


class ResultForm(forms.Form):
    """What it is."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("A few words that a colleague of another field understands.")
    )
    summary = forms.CharField(
        label=_("What is it?"), widget=text_area(6), max_length=20_000,
        help_text=_("For example: “A seal whose cracks close by themselves below -20 °C, made of …”."),
    )  # fmt: skip
    problem = forms.CharField(
        label=_("What does it solve?"), widget=text_area(4), max_length=20_000, required=False
    )  # fmt: skip


class NewForm(forms.Form):
    """What is new in it."""

    novelty = forms.CharField(
        label=_("What is new?"), widget=text_area(5), max_length=20_000,
        help_text=_("What nobody had done before, and how you know that it works."),
    )  # fmt: skip
    prior_art = forms.CharField(
        label=_("Which earlier work is nearest?"), widget=text_area(4), max_length=20_000, required=False,
        help_text=_("Articles, patents or products you know; a title or a number is enough."),
    )  # fmt: skip
    uses = forms.CharField(
        label=_("Who could use it, for what?"), widget=text_area(3), max_length=20_000, required=False
    )  # fmt: skip
    keywords = forms.CharField(
        label=_("Keywords"), max_length=300, required=False, help_text=_("Separated by commas.")
    )  # fmt: skip


class WhenForm(forms.Form):
    """When it was made, and how mature it is."""

    invented_on = forms.DateField(
        label=_("Date of invention"), widget=day_input(),
        help_text=_("When it was first complete, on paper or at the bench: owners are told from this day."),
    )  # fmt: skip
    trl = forms.TypedChoiceField(
        label=_("How mature is it?"), coerce=int, empty_value=None,
        choices=[
            ("", "---------"),
            (1, _("TRL 1: basic principles observed")),
            (2, _("TRL 2: concept formulated")),
            (3, _("TRL 3: experimental proof of concept")),
            (4, _("TRL 4: validated in the laboratory")),
            (5, _("TRL 5: validated in a relevant environment")),
            (6, _("TRL 6: demonstrated in a relevant environment")),
            (7, _("TRL 7: prototype in real operation")),
            (8, _("TRL 8: complete and qualified")),
            (9, _("TRL 9: proven in real operation")),
        ],
    )  # fmt: skip
    domain = forms.ChoiceField(label=_("Field of technology"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = [("", "---------"), *rules.choices(rules.DOMAIN)]


class InventorForm(forms.Form):
    """One inventor, inside or outside, with their share."""

    person = record_field(
        "person", label=_("Somebody of the directory"), required=False,
        help_text=_("Their name; leave it empty for somebody of elsewhere."),
    )  # fmt: skip
    name = forms.CharField(label=_("Or the name of somebody else"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("To confirm the share and sign, without an account.")
    )
    employer = forms.CharField(label=_("Employer at the date of invention"), max_length=200)
    unit = record_field("unit", label=_("Laboratory at that date"), required=False)
    role = forms.ChoiceField(label=_("As"), choices=InventorRole.choices)
    share = ShareField(
        label=_("Share"), help_text=_("A fraction such as 1/3, or a percentage such as 37.5; all sum to the whole.")
    )
    contribution = forms.CharField(
        label=_("What they did"), widget=text_area(2), max_length=4000, required=False
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Any, is_held: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_actor(self, actor)
        if is_held:
            del self.fields["person"]
            self.fields["name"].label = _("Name")


class TieForm(forms.Form):
    """One agreement."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TieKind.choices)
    party = forms.CharField(label=_("With whom"), max_length=200)
    number = forms.CharField(label=_("Number of the contract"), max_length=120, required=False)
    note = forms.CharField(label=_("What it says of results"), widget=text_area(2), max_length=4000, required=False)


class DivulgationForm(forms.Form):
    """One publication, past or planned."""

    kind = forms.ChoiceField(label=_("Kind"), choices=DivulgationKind.choices)
    title = forms.CharField(label=_("Title, or place"), max_length=300)
    dated_on = forms.DateField(label=_("Date"), widget=day_input())
    is_under_secrecy = forms.BooleanField(
        label=_("Those who hear it are bound by a confidentiality agreement"), required=False
    )
    note = forms.CharField(
        label=_("What was or will be told"), widget=text_area(2), max_length=4000, required=False
    )  # fmt: skip


class FileForm(forms.Form):
    """One file."""

    file = FileField(label=_("File"), accept=",".join(ACCEPTED))


class SignForm(forms.Form):
    """Confirm one's share and sign."""

    confirms_share = forms.BooleanField(
        label=_("I confirm my share, and that what I know of this result is stated here."), required=False
    )
    typed_name = forms.CharField(label=_("Type your name to sign"), max_length=200)


class ReasonForm(forms.Form):
    """A reason that is asked for."""

    reason = forms.CharField(label=_("Why"), widget=text_area(4), max_length=4000)


class OptionalReasonForm(forms.Form):
    """A reason that may be left out."""

    reason = forms.CharField(label=_("Why"), widget=text_area(4), max_length=4000, required=False)


class BeginForm(forms.Form):
    """The officer's first words to the inventors."""

    message = forms.CharField(
        label=_("First words to the inventors"), widget=text_area(4), max_length=20_000, required=False
    )  # fmt: skip


class MessageForm(forms.Form):
    """A message."""

    text = forms.CharField(label=_("Message"), widget=text_area(6), max_length=20_000)


class EvaluatorForm(forms.Form):
    """Whom to ask for an opinion."""

    email = forms.EmailField(
        label=_("E-mail address of the account"),
        help_text=_("They read this one disclosure, until you call them off."),
    )
    question = forms.CharField(
        label=_("What you ask of them"), widget=text_area(3), max_length=4000, required=False
    )  # fmt: skip


class ChangeOutsideForm(forms.Form):
    """What an evaluator from outside is asked and reads, and until when."""

    question = forms.CharField(
        label=_("What you ask of them"), widget=text_area(3), max_length=4000, required=False,
        help_text=_("Read once they have promised secrecy."),
    )  # fmt: skip
    shown = forms.MultipleChoiceField(
        label=_("What they read, beside the title and what it is"), choices=ShownPart.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    files = forms.MultipleChoiceField(
        label=_("Files they read"), required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    open_until = forms.DateField(
        label=_("The address opens until"), widget=day_input(), help_text=_("And no longer than until the decision.")
    )

    def __init__(self, *args: Any, disclosure: Disclosure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = disclosure.attachments.filter(removed_at=None).order_by("added_at", "pk")
        self.fields["files"].choices = [(row.reference, row.name) for row in files]
        if not self.fields["files"].choices:
            del self.fields["files"]


class OutsideForm(ChangeOutsideForm):
    """Whom to ask for an opinion outside, and what they read."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language of the mails"), choices=LANGUAGES)
    topic = forms.CharField(
        label=_("What may be told before the promise"), max_length=200, required=False,
        help_text=_("The field, in words that betray nothing: they can then say whether it is theirs."),
    )  # fmt: skip
    field_order = ("name", "email", "language", "topic", "question", "shown", "files", "open_until")

    def __init__(self, *args: Any, disclosure: Disclosure, **kwargs: Any) -> None:
        day = default_day(disclosure, timezone.now())
        initial = {"language": disclosure.language, "open_until": day} | kwargs.pop("initial", {})
        super().__init__(*args, disclosure=disclosure, initial=initial, **kwargs)


def outside_initial(evaluator: Evaluator) -> dict[str, Any]:
    """An invitation as its form is filled."""
    return {
        "question": evaluator.question,
        "shown": evaluator.shown,
        "files": evaluator.shown_files,
        "open_until": evaluator.open_until,
    }


class UndertakingForm(forms.Form):
    """Promise secrecy, under one's name."""

    promises = forms.BooleanField(label=_("I make this undertaking."), required=False)
    is_free = forms.BooleanField(
        label=_("I know of no interest of mine, or of my employer's, that would sway my opinion."), required=False
    )
    typed_name = forms.CharField(label=_("Type your name"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DeclineForm(forms.Form):
    """Why no opinion is given."""

    kind = forms.ChoiceField(label=_("Because of"), choices=DeclineKind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("In a few words"), widget=text_area(3), max_length=4000, required=False,
        help_text=_("Needed for a conflict of interest or another reason."),
    )  # fmt: skip


class OpinionForm(forms.Form):
    """A score and a reason for each criterion of the catalogue, and the whole in short."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for entry in rules.ordered(rules.CRITERION):
            name, scale = rules.in_words(entry.data["name"]), entry.data["scale"]
            low, high = rules.in_words(entry.data["low"]), rules.in_words(entry.data["high"])
            choices = [("", "---------"), *((n, str(n)) for n in range(scale + 1))]
            choices[1] = (0, f"0 · {low}")
            choices[-1] = (scale, f"{scale} · {high}")
            self.fields[f"score_{entry.code}"] = forms.TypedChoiceField(
                label=name, help_text=rules.in_words(entry.data["help"]), choices=choices, coerce=int, empty_value=None
            )
            self.fields[f"reason_{entry.code}"] = forms.CharField(
                label=_("%(criterion)s: why") % {"criterion": name}, widget=text_area(2), max_length=4000
            )
        self.fields["summary"] = forms.CharField(label=_("In short"), widget=text_area(4), max_length=20_000)
        advices = [("", "---------"), *DecisionKind.choices]
        self.fields["advice"] = forms.ChoiceField(label=_("What I advise"), choices=advices)

    def answers(self) -> dict[str, Any]:
        """The opinion: scores and reasons by criterion, the whole in short, the advice."""
        data = self.cleaned_data
        scores = {
            entry.code: {"score": data[f"score_{entry.code}"], "reason": data[f"reason_{entry.code}"]}
            for entry in rules.ordered(rules.CRITERION)
        }
        return {"scores": scores, "summary": data["summary"], "advice": data["advice"]}


class DecisionForm(forms.Form):
    """What is decided, and what was promised next."""

    kind = forms.ChoiceField(label=_("Decision"))
    reasons = forms.CharField(
        label=_("Reasons"), widget=text_area(6), max_length=20_000, help_text=_("The inventors read them.")
    )
    next_step = forms.CharField(
        label=_("Next step"),
        max_length=300,
        required=False,
        help_text=_("Left empty: the usual one of this decision."),
    )
    next_step_on = forms.DateField(label=_("Promised for"), widget=day_input(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = _("%(name)s (a second person approves)")
        self.fields["kind"].choices = [
            (
                row.code,
                (asked if row.data["needs_approval"] else "%(name)s") % {"name": rules.in_words(row.data["name"])},
            )
            for row in rules.ordered(rules.DECISION)
        ]


class LevelForm(forms.Form):
    """Who may read a decided disclosure."""

    level = forms.ChoiceField(label=_("Who may read it"), choices=DisclosureLevel.choices)
    reason = forms.CharField(label=_("Why"), widget=text_area(3), max_length=4000)


class ReassignForm(forms.Form):
    """Another officer of the office in charge."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("Officer"), to_field_name="reference")
    reason = forms.CharField(label=_("Why"), widget=text_area(3), max_length=4000)

    def __init__(self, *args: Any, disclosure: Disclosure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [user.pk for user in office_officers(disclosure) if user.pk != disclosure.owner_id]
        self.fields["owner"].queryset = User.objects.filter(pk__in=people).order_by("display_name", "pk")


class VerifyForm(forms.Form):
    """A sealed file, and the seal that was kept."""

    file = FileField(label=_("Sealed file"), accept=".json")
    seal = forms.CharField(
        label=_("Seal that you kept"), max_length=64, required=False,
        help_text=_("The 64 letters and digits of the mail that you received when it was sealed."),
    )  # fmt: skip


def account_of(email: str) -> User:
    """The account of an address; refused in words when nobody has one."""
    user = User.objects.active().filter(email__iexact=email.strip()).first()
    if user is None:
        raise RuleViolation(
            _("Nobody has an account with this address: ask them as somebody of elsewhere, by a secret address."),
            field="email",
        )
    return user
