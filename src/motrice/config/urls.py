"""Addresses of the whole site: each app's pages under its own word."""

from django.urls import URLPattern, URLResolver, include, path

from motrice.config.api import api_urls
from motrice.config.api_page import api_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("motrice.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("", include("motrice.portal.urls")),
    path("", include("motrice.web.urls")),
    path("directory/", include("motrice.directory.urls")),
    path("", include("motrice.inventions.urls")),
    path("portfolio/", include("motrice.portfolio.urls")),
    path("agreements/", include("motrice.agreements.urls")),
    path("", include("motrice.sourcing.urls")),
    path("api/v1/docs", api_page, name="api_page"),
    *api_urls(),
]

handler400 = "motrice.web.errors.bad_request"
handler403 = "motrice.web.errors.permission_denied"
handler404 = "motrice.web.errors.page_not_found"
handler500 = "motrice.web.errors.server_error"
