"""A field that names a record takes its name, its reference or a number, and only what the chooser may see."""

import pytest
from django import forms
from django.urls import reverse

from motrice.directory.fields import record_field
from motrice.web.forms import picked_words, set_actor
from tests.directory.factories import IdentifierFactory, OrganisationFactory, PersonFactory, user_with

pytestmark = pytest.mark.django_db


def cleaned(text, *, actor=None, of="organisation"):
    class OneForm(forms.Form):
        record = record_field(of)

    form = OneForm({"record": text})
    set_actor(form, actor or user_with("officer"))
    return form.cleaned_data["record"] if form.is_valid() else form.errors["record"][0]


def test_a_record_is_meant_by_name_reference_address_number_or_as_the_list_offers_it():
    body = OrganisationFactory(name="Centre inventé des verres", short_name="CIV")
    IdentifierFactory(organisation=body, scheme="siren", value="552100554")

    meant = ["Centre inventé des verres", "civ", body.reference, "552 100 554", picked_words(body)]
    meant += [f"https://motrice.example.org/directory/organisations/{body.reference}/"]

    assert [cleaned(text) for text in meant] == [body] * 6


def test_several_records_of_one_name_are_told_apart_in_the_refusal():
    one, two = (OrganisationFactory(name="Centre inventé des verres") for _number in range(2))

    error = cleaned("Centre inventé des verres")

    assert "Several records" in error
    assert one.reference in error
    assert two.reference in error


def test_a_record_that_may_not_be_seen_is_not_known():
    hidden = OrganisationFactory(company=True, level="circle", name="Société inventée cachée")
    actor = user_with("researcher", on=OrganisationFactory(unit=True))

    assert "No record that you may see" in cleaned(hidden.reference, actor=actor)
    assert "No record that you may see" in cleaned("Société inventée cachée", actor=actor)


def test_a_person_is_not_meant_where_an_organisation_is_asked():
    person = PersonFactory(given_name="Aline", family_name="Inventrice")

    assert cleaned("Aline Inventrice", of="person") == person
    assert "No record" in cleaned("Aline Inventrice")


def test_the_list_offers_records_by_name_and_reference(client):
    body = OrganisationFactory(name="Centre inventé des verres")
    PersonFactory(given_name="Centre", family_name="Inventé")
    client.force_login(user_with("officer"))

    answer = client.get(reverse("directory:pick"), {"q": "centre inv", "of": "organisation"}).content.decode()

    assert f"Centre inventé des verres · {body.reference}" in answer
    assert answer.count("<option") == 1
