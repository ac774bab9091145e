"""Addresses of the web app itself."""

from django.urls import path

from motrice.web import views

app_name = "web"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("language/", views.language, name="language"),
    path("views/<str:reference>/delete/", views.saved_view_delete, name="saved_view_delete"),
]
