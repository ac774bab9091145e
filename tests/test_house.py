"""Facts about the running parts: guards, rules, machines, templates, catalogue, foreign keys. Each says what to do."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

import pytest
from django.apps import apps as registry
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import module_has_submodule

from motrice.core import audit, catalogue, policies, transitions
from motrice.core.policies import PolicyQuerySet
from tests.sources import PACKAGE, apps, python_files, say, shown, strings, templates

# Views that are not ours, and what guards them instead.
FOREIGN_VIEWS = {
    "allauth.": "sign-in pages guard themselves: the sign-in form is for nobody, the rest for who is signed in",
    "ninja.": "each API operation states its own authentication, checked by the API's tests",
    "django.views.i18n": "the choice of a language and the words of scripts hold nothing to guard",
    "django.contrib.staticfiles": "style sheets and scripts are public",
    "django.views.static": "style sheets and scripts are public",
}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def test_every_address_carries_its_guard():
    faults = []
    for route, entry in patterns(get_resolver()):
        view = entry.callback
        module = getattr(view, "__module__", "")
        if any(module.startswith(foreign) for foreign in FOREIGN_VIEWS):
            continue
        if not hasattr(view, "guard"):
            faults.append(f"/{route} ({module}.{getattr(view, '__name__', view)})")
    assert not faults, say(
        faults, "decorate the view with @public, @signed_in, @role_view or @object_view of motrice.web.guards."
    )


def motrice_models() -> list[type[models.Model]]:
    return [model for model in registry.get_models() if model.__module__.startswith("motrice.")]


def test_every_model_with_policies_has_rules_and_a_view_right():
    known = policies.registered()
    faults = [
        f"{model._meta.label}: no rule is declared"
        if model not in known
        else f"{model._meta.label}: nobody may ever view it"
        for model in motrice_models()
        if isinstance(model._default_manager.all(), PolicyQuerySet)
        and not model._meta.proxy
        and "view" not in known.get(model, {})
    ]
    assert not faults, say(faults, "register its actions in the app's policies.py: without them it is closed to all.")


def test_every_audited_model_is_under_policies():
    faults = [
        f"{model._meta.label} has {type(model._default_manager.all()).__name__}"
        for model in audit.audited_models()
        if not isinstance(model._default_manager.all(), PolicyQuerySet)
    ]
    assert not faults, say(
        faults,
        "give it objects = PolicyQuerySet.as_manager() and rules; or say in audit_exempt why it holds no record.",
    )


def test_every_exemption_from_the_log_gives_a_reason():
    faults = [
        f"{model._meta.label}: {model.audit_exempt!r}"
        for model in motrice_models()
        if hasattr(model, "audit_exempt") and len(str(model.audit_exempt).split()) < 3
    ]
    assert not faults, say(faults, "write in audit_exempt, in words, why its rows need no history.")


# Django's own groups: nothing of Motrice reads them, roles are rows of their own.
UNUSED_LINKS = {"accounts.User.groups", "accounts.User.user_permissions"}


def test_no_row_disappears_with_another():
    faults = []
    for model in audit.audited_models():
        for field in model._meta.get_fields():
            name = f"{model._meta.label}.{field.name}"
            if name in UNUSED_LINKS:
                continue
            if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE:
                faults.append(f"{name} removes rows with what it points to")
            if isinstance(field, models.ManyToManyField) and field.remote_field.through._meta.auto_created:
                faults.append(f"{name} has a hidden table that the log does not know")
    assert not faults, say(
        faults, "use on_delete=PROTECT, and a declared through model: the log must see every row come and go."
    )


def load(name: str) -> None:
    """Import one module of every app that has it."""
    for config in registry.get_app_configs():
        if config.name.startswith("motrice.") and module_has_submodule(config.module, name):
            importlib.import_module(f"{config.name}.{name}")


def test_every_transition_asks_an_action_that_a_policy_declares():
    load("transitions")
    faults = []
    for machine in transitions.machines:
        model = registry.get_model(machine.model_label)
        states = {value for value, _label in model._meta.get_field(machine.field).choices}
        for move in machine.transitions.values():
            if move.action not in policies.actions_of(model):
                faults.append(f"{machine.model_label} {move.name}: no policy declares {move.action!r}")
            faults += [
                f"{machine.model_label} {move.name}: {state!r} is no state"
                for state in {*move.sources, move.target} - states
            ]
    assert not faults, say(faults, "declare the action in the model's policies, or correct the table.")


def test_every_state_of_a_machine_can_be_reached():
    load("transitions")
    faults = []
    for machine in transitions.machines:
        field = registry.get_model(machine.model_label)._meta.get_field(machine.field)
        reached = {str(field.default)} | {str(move.target) for move in machine.transitions.values()}
        faults += [
            f"{machine.model_label}: no move leads to {state!r}"
            for state, _label in field.choices
            if state not in reached
        ]
    assert not faults, say(faults, "add the move that leads to it, or take the state away.")


def test_every_catalogue_file_loads():
    load("catalogues")
    faults = []
    for item in catalogue.declarations():
        try:
            catalogue.validate(item.kind, item.data, where=f"{shown(item.path)}: {item.code}")
        except catalogue.RuleViolation as error:
            faults.append(str(error))
    assert not faults, say(faults, "correct the file, or register its kind in the app's start.")


# Templates that others load by their name.
FRAMEWORK_TEMPLATES = re.compile(
    r"^(400|403|404|500)\.html$|^(account|allauth|mfa|usersessions|django|crispy)/|/widgets/"
)
INCLUDED = re.compile(r"{%-?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")


def names_in_templates() -> set[str]:
    return {
        name
        for path in templates().values()
        for name in INCLUDED.findall(path.read_text(encoding="utf-8", errors="replace"))
    }


def names_in_python() -> set[str]:
    return {text for path in python_files(PACKAGE) for text in strings(path)}


def test_every_template_is_used():
    known = names_in_templates() | names_in_python()
    # A mail is named once for its subject, its text and its page.
    stems = {
        name
        for text in known
        for name in (text, f"{text}.txt", f"{text}.html", f"{text}_subject.txt", f"{text}_message.txt")
    }
    faults = [
        shown(path) for name, path in templates().items() if name not in stems and not FRAMEWORK_TEMPLATES.search(name)
    ]
    assert not faults, say(faults, "remove it, or name it in full in the view that renders it.")


# Fragments that no reload shows, and why.
LONE_FRAGMENTS = {
    "web/_error.html": "a refusal answered to htmx; a whole page would be web/error.html",
    "web/_suggestions.html": "what is proposed while one types; without JavaScript one presses Enter",
}


SECTION = re.compile(r"\bSection\([^()]*(?:\([^()]*\)[^()]*)*\)", re.DOTALL)


def names_in_sections() -> set[str]:
    """The fragments that a record page includes by the name its sections give."""
    calls = [call for path in python_files(PACKAGE) for call in SECTION.findall(path.read_text(encoding="utf-8"))]
    return {name for call in calls for name in re.findall(r'"([\w/]+\.html)"', call)}


def test_every_fragment_is_part_of_a_page():
    included = names_in_templates() | names_in_sections() | set(LONE_FRAGMENTS)
    faults = [
        shown(path)
        for name, path in templates().items()
        if name.rsplit("/", 1)[-1].startswith("_") and name not in included and not FRAMEWORK_TEMPLATES.search(name)
    ]
    assert not faults, say(faults, "include the fragment in its page: what htmx puts in place must equal a reload.")


def test_every_named_template_exists():
    known = set(templates())
    faults = []
    for name in names_in_templates():
        if name not in known and not re.match(
            r"(account|allauth|mfa|usersessions|django|crispy_forms|bootstrap5)/", name
        ):
            faults.append(name)
    assert not faults, say(sorted(faults), "correct the name, or write the template.")


@pytest.mark.parametrize("app", apps())
def test_every_app_says_its_name_in_words(app):
    config = registry.get_app_config(app)
    assert str(config.verbose_name).strip(), f"give motrice.{app} a verbose_name"
