"""Forms of the desk: shape of what is typed; the rules are in the operations."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import User
from motrice.core.errors import RuleViolation
from motrice.core.uploads import ACCEPTED
from motrice.directory.fields import record_field
from motrice.directory.models import Organisation
from motrice.sourcing import rules
from motrice.sourcing.enums import NeedLevel, OfferKind, OutcomeKind
from motrice.sourcing.models import Candidate, Nda, Need, NeedDraft, Referral
from motrice.sourcing.models.offer import OFFER_LEVELS
from motrice.sourcing.queries import desk_officers
from motrice.web.forms import FileField

REGIONS = [
    "Auvergne-Rhône-Alpes",
    "Bourgogne-Franche-Comté",
    "Bretagne",
    "Centre-Val de Loire",
    "Corse",
    "Grand Est",
    "Guadeloupe",
    "Guyane",
    "Hauts-de-France",
    "Île-de-France",
    "La Réunion",
    "Martinique",
    "Mayotte",
    "Normandie",
    "Nouvelle-Aquitaine",
    "Occitanie",
    "Pays de la Loire",
    "Provence-Alpes-Côte d'Azur",
]
TRL_CHOICES = [("", _("I do not know"))] + [(number, f"TRL {number}") for number in range(1, 10)]
LANGUAGES = [("fr", "Français"), ("en", "English")]


class DayInput(forms.DateInput):
    """A day as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def text_area(rows: int = 5) -> forms.Textarea:
    """A field for several lines."""
    return forms.Textarea(attrs={"rows": rows})


def region_choices() -> list[tuple[str, Any]]:
    """The regions of France, and none."""
    return [("", _("Not stated, or abroad")), *((name, name) for name in REGIONS)]


def segment_choices() -> list[tuple[str, Any]]:
    """The market segments of the catalogue, and none."""
    return [("", _("From the company's activity")), *rules.choices(rules.SEGMENT)]


class StatementForm(forms.Form):
    """What a company states, on one page in sections."""

    title = forms.CharField(
        label=_("The need in one line"), max_length=200, help_text=_("Example: “Our glue lets go in the cold”.")
    )
    problem = forms.CharField(
        label=_("What is the problem?"),
        widget=text_area(7),
        max_length=20_000,
        help_text=_("In your own words: what happens, when, to which product, and what it costs you."),
    )
    tried = forms.CharField(label=_("What was tried?"), widget=text_area(), max_length=20_000, required=False)
    constraints = forms.CharField(
        label=_("What must be respected?"),
        widget=text_area(3),
        max_length=20_000,
        required=False,
        help_text=_("Price, temperature, size, regulation, existing line…"),
    )
    segment = forms.ChoiceField(label=_("Market segment"), required=False)
    naf_code = forms.CharField(
        label=_("NAF code"), max_length=8, required=False, help_text=_("Of the company, such as 20.52Z.")
    )
    trl = forms.TypedChoiceField(
        label=_("Maturity wanted"), choices=TRL_CHOICES, coerce=int, empty_value=None, required=False
    )
    deadline_on = forms.DateField(label=_("Wanted by"), widget=DayInput(), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGES)
    level = forms.ChoiceField(label=_("Who reads it"), choices=NeedLevel.choices)
    hides_company = forms.BooleanField(
        label=_("Keep the company's name from laboratories until their NDA"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].choices = segment_choices()
        self.fields["region"].choices = region_choices()
        known = self.initial.get("region")
        if known and known not in REGIONS:
            self.fields["region"].choices.append((known, known))

    def clean_naf_code(self) -> str:
        """A code in its form: told with the other inputs to correct."""
        try:
            return rules.check_naf(self.cleaned_data["naf_code"])
        except RuleViolation as error:
            raise forms.ValidationError(str(error)) from error


SECRET_LABEL = _("Confidential part")
SECRET_HELP = _("What only the officer and, after an NDA, the laboratory may read: formula, client, figures.")


class OfficerNeedForm(StatementForm):
    """A need that an officer enters for a company."""

    secret = forms.CharField(
        label=SECRET_LABEL, help_text=SECRET_HELP, widget=text_area(), max_length=20_000, required=False
    )
    company_name = forms.CharField(label=_("Company"), max_length=200)
    company_reference = forms.CharField(
        label=_("Its reference in the directory"), max_length=8, required=False, help_text=_("Eight characters.")
    )
    contact_name = forms.CharField(label=_("Contact's name"), max_length=150)
    contact_email = forms.EmailField(label=_("Contact's e-mail address"))


class AskForm(StatementForm):
    """Every question put to a company."""

    secret = OfficerNeedForm.base_fields["secret"]


def answers_of(draft: NeedDraft) -> dict[str, str]:
    """What a draft answers so far, with what holds when nothing is said."""
    answers = {"language": (get_language() or "fr")[:2], "level": "organisation", **draft.answers}
    if not answers.get("hides_company"):
        answers.pop("hides_company", None)
    return answers


class TextForm(forms.Form):
    """A message."""

    text = forms.CharField(label=_("Message"), widget=text_area(), max_length=20_000)


class MessageForm(forms.Form):
    """The first answer to the company."""

    message = forms.CharField(
        label=_("Your message to the company"),
        widget=text_area(7),
        max_length=20_000,
        help_text=_("What you understood, what you will do, until when."),
    )


class WriteForm(TextForm):
    """A message to the company, with or without a wait."""

    awaits_reply = forms.BooleanField(
        label=_("I need its answer to go on: count the wait apart from the desk's time"), required=False
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=text_area(3))


class OptionalReasonForm(forms.Form):
    """Why, if one wishes to say it."""

    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=text_area(3), required=False)


class SecretForm(forms.Form):
    """The confidential part."""

    text = forms.CharField(
        label=SECRET_LABEL, help_text=SECRET_HELP, widget=text_area(7), max_length=20_000, required=False
    )


class AttachForm(forms.Form):
    """One file."""

    file = FileField(label=_("File"), accept=",".join(ACCEPTED))
    is_confidential = forms.BooleanField(
        label=_("Confidential: for laboratories only after their NDA"), required=False, initial=True
    )


class CloseForm(forms.Form):
    """The end of a need."""

    ending = forms.ChoiceField(
        label=_("Why nothing came of it"), required=False, help_text=_("Leave empty when it led to something.")
    )
    note = forms.CharField(label=_("Note"), widget=text_area(3), max_length=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ending"].choices = [("", _("It led to something")), *rules.choices(rules.ENDING)]


class OutcomeForm(forms.Form):
    """What a need led to."""

    kind = forms.ChoiceField(
        label=_("Outcome"), choices=[choice for choice in OutcomeKind.choices if choice[0] != OutcomeKind.NONE]
    )
    referral = forms.ModelChoiceField(label=_("Team"), queryset=Referral.objects.none(), required=False)
    dated_on = forms.DateField(label=_("Date"), widget=DayInput(), initial=timezone.localdate)
    agreement = forms.CharField(label=_("Reference of the agreement"), max_length=120, required=False)
    note = forms.CharField(label=_("Note"), widget=text_area(3), max_length=2000, required=False)

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accepted = Referral.objects.filter(need=need, status="accepted").select_related("organisation")
        self.fields["referral"].queryset = accepted
        self.fields["referral"].label_from_instance = lambda referral: referral.organisation.name


class NdaForm(forms.Form):
    """The NDA of a team."""

    organisation = forms.ModelChoiceField(label=_("Team"), queryset=Organisation.objects.none())
    recorded_on = forms.DateField(label=_("Signed on"), widget=DayInput(), initial=timezone.localdate)
    agreement = forms.CharField(label=_("Reference of the agreement"), max_length=120)

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Referral.objects.filter(need=need).exclude(status="withdrawn").values("organisation_id")
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=asked)


class OneNdaForm(forms.Form):
    """One of the NDAs of a need that an act is about; the only one there is stands chosen."""

    nda = forms.ModelChoiceField(label=_("NDA of the team"), queryset=Nda.objects.none())

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = self.choices_of(need).select_related("organisation")
        self.fields["nda"].queryset = found
        if len(only := list(found[:2])) == 1:
            self.fields["nda"].initial = only[0]

    @staticmethod
    def choices_of(need: Need) -> QuerySet[Nda]:
        """Those still without an end."""
        return Nda.objects.filter(need=need, ends_on=None)


class NdaEndForm(OneNdaForm):
    """The end of an NDA."""

    ended_on = forms.DateField(label=_("Ends on"), widget=DayInput(), initial=timezone.localdate)


class NdaWithdrawForm(OneNdaForm):
    """An NDA that was recorded by mistake, and how that came."""

    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=text_area(3))

    @staticmethod
    def choices_of(need: Need) -> QuerySet[Nda]:
        """Those that open the confidential part today."""
        return Nda.objects.in_force().filter(need=need)


class ReassignForm(ReasonForm):
    """Another officer, and why."""

    owner = forms.ModelChoiceField(label=_("Officer"), queryset=User.objects.none())
    field_order = ["owner", "reason"]

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = [user.pk for user in desk_officers() if user.pk != need.owner_id]
        self.fields["owner"].queryset = User.objects.filter(pk__in=officers).order_by("display_name")


class MatchForm(forms.Form):
    """The directory's record of the company."""

    company = forms.CharField(
        label=_("Company"), max_length=14, help_text=_("Its reference in the directory, or its SIREN number.")
    )


class AddTeamForm(forms.Form):
    """A team added by hand."""

    organisation = forms.CharField(
        label=_("Laboratory"), max_length=200, help_text=_("Its reference, its acronym or its exact name.")
    )
    reason = forms.CharField(label=_("Why this one?"), max_length=2000, required=False, widget=text_area(2))


def end_of_day(day: date) -> datetime:
    """The time at which an answer awaited on a day is late: the end of office hours."""
    return datetime.combine(day, time(18), tzinfo=ZoneInfo(settings.TIME_ZONE))


class DueForm(forms.Form):
    """Another date for a team's answer."""

    due_at = forms.DateField(label=_("Answer awaited by"), widget=DayInput())

    def clean_due_at(self) -> datetime:
        """The end of that working day."""
        return end_of_day(self.cleaned_data["due_at"])


class ReferForm(forms.Form):
    """The need put to one or several teams."""

    candidates = forms.ModelMultipleChoiceField(
        label=_("Teams"), queryset=Candidate.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    message = forms.CharField(
        label=_("Your message to the teams"),
        widget=text_area(7),
        max_length=20_000,
        help_text=_("They read the statement; say why you thought of them and what you expect."),
    )
    due_at = forms.DateField(
        label=_("Answer awaited by"), widget=DayInput(), required=False, help_text=_("Empty: the promised time.")
    )

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shortlisted = Candidate.objects.filter(need=need, status="shortlisted")
        self.fields["candidates"].queryset = shortlisted.select_related("organisation", "person")
        if self.fields["candidates"].queryset.count() == 1 and not self.is_bound:
            self.initial["candidates"] = list(shortlisted)

    def clean_due_at(self) -> datetime | None:
        """The end of that working day."""
        day = self.cleaned_data["due_at"]
        return end_of_day(day) if day else None


class AcceptForm(forms.Form):
    """A team accepts."""

    answer = forms.CharField(
        label=_("How your team can help"),
        widget=text_area(),
        max_length=20_000,
        help_text=_("Method, means, order of time and price: the officer introduces you on this ground."),
    )


class RefuseForm(forms.Form):
    """A team refuses."""

    refusal = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In your words"), widget=text_area(3), max_length=2000, required=False, help_text=_("For the officer.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["refusal"].choices = rules.choices(rules.REFUSAL)


class JointForm(forms.Form):
    """A joint answer with another team."""

    partner = forms.CharField(
        label=_("Other laboratory"), max_length=200, help_text=_("Its reference, its acronym or its exact name.")
    )
    text = forms.CharField(label=_("Common answer"), widget=text_area(), max_length=20_000)


class VisitorForm(StatementForm):
    """A need sent from the public site, with a trap and a proof against robots."""

    company_name = forms.CharField(label=_("Company"), max_length=200)
    name = forms.CharField(label=_("Your name"), max_length=150)
    email = forms.EmailField(label=_("Your e-mail address"), help_text=_("We send you a link to confirm."))
    secret = forms.CharField(
        label=SECRET_LABEL, help_text=SECRET_HELP, widget=text_area(), max_length=20_000, required=False
    )
    website = forms.CharField(
        label=_("Website (leave empty)"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=500)
    field_order = ["title", "problem", "tried", "constraints", "secret", "company_name", "name", "email"]


class OfferForm(forms.Form):
    """What an offer says, in both languages."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OfferKind.choices)
    owner = record_field("person", label=_("Person in charge"))
    title_fr = forms.CharField(label=_("Title in French"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    text_fr = forms.CharField(label=_("Text in French"), widget=text_area(6), max_length=20_000)
    text_en = forms.CharField(label=_("Text in English"), widget=text_area(6), max_length=20_000)
    segments = forms.MultipleChoiceField(label=_("Market segments"), widget=forms.CheckboxSelectMultiple)
    trl_min = forms.IntegerField(label=_("From TRL"), min_value=1, max_value=9, required=False)
    trl_max = forms.IntegerField(label=_("To TRL"), min_value=1, max_value=9, required=False)
    sme_conditions_fr = forms.CharField(label=_("Conditions for SMEs in French"), widget=text_area(2), required=False)
    sme_conditions_en = forms.CharField(label=_("Conditions for SMEs in English"), widget=text_area(2), required=False)
    equipment_fr = forms.CharField(label=_("Equipment in French"), widget=text_area(2), required=False)
    equipment_en = forms.CharField(label=_("Equipment in English"), widget=text_area(2), required=False)
    access_fr = forms.CharField(label=_("Conditions of access in French"), widget=text_area(2), required=False)
    access_en = forms.CharField(label=_("Conditions of access in English"), widget=text_area(2), required=False)
    references = forms.CharField(
        label=_("Reference projects"),
        widget=text_area(3),
        required=False,
        help_text=_("One a line, with its year after a semicolon: “Pont de test; 2024”."),
    )
    level = forms.ChoiceField(label=_("Shown to"), choices=OFFER_LEVELS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segments"].choices = rules.choices(rules.SEGMENT)


class ReviewForm(forms.Form):
    """The next review of an offer."""

    review_on = forms.DateField(label=_("Next review on"), widget=DayInput())


class AbsenceForm(forms.Form):
    """Days away."""

    starts_on = forms.DateField(label=_("From"), widget=DayInput())
    ends_on = forms.DateField(label=_("To"), widget=DayInput())


class SegmentForm(forms.Form):
    """A market segment and its NAF codes."""

    name_fr = forms.CharField(label=_("Name in French"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    description_fr = forms.CharField(label=_("Description in French"), widget=text_area(2), max_length=1000)
    description_en = forms.CharField(label=_("Description in English"), widget=text_area(2), max_length=1000)
    naf = forms.CharField(
        label=_("NAF codes"),
        widget=text_area(3),
        max_length=5000,
        help_text=_("Divisions, groups or classes, separated by commas: 20, 22.1, 23.41Z."),
    )
    reason = forms.CharField(label=_("Why this change?"), max_length=500)
