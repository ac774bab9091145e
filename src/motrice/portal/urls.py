"""Addresses of the portal."""

from django.urls import path

from motrice.portal.views import home

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
]
