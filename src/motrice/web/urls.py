"""Addresses of the web app itself."""

from django.conf import settings
from django.urls import include, path

from motrice.web import views

app_name = "web"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("language/", views.language, name="language"),
    path("views/<str:reference>/delete/", views.saved_view_delete, name="saved_view_delete"),
]
if settings.GALLERY:
    urlpatterns.append(path("", include("motrice.web.gallery.urls")))
