"""Addresses of which the leak test knows nothing, to show that it says so."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from motrice.web.guards import public


@public
def uncovered(request: HttpRequest, what: str) -> HttpResponse:
    """Any page with a parameter."""
    return HttpResponse(what)


urlpatterns = [path("uncovered/<str:what>/", uncovered, name="uncovered")]
