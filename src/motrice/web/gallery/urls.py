"""Addresses of the gallery, mounted only in development and tests."""

from django.urls import path

from motrice.web.gallery import views

urlpatterns = [
    path("_gallery/", views.gallery, name="gallery"),
    path("_gallery/list/", views.gallery_list, name="gallery_list"),
    path("_gallery/form/", views.gallery_form, name="gallery_form"),
    path("_gallery/section/", views.gallery_section, name="gallery_section"),
    path("_gallery/suggest/", views.gallery_suggest, name="gallery_suggest"),
    path("_gallery/public/", views.gallery_public, name="gallery_public"),
]
