"""What each template knows of the reader's choices: theme, density and the site's name."""

from django.conf import settings
from django.http import HttpRequest

THEMES = ("auto", "light", "dark")
DENSITIES = ("comfortable", "compact")
THEME_COOKIE = "motrice_theme"
DENSITY_COOKIE = "motrice_density"


def appearance(request: HttpRequest) -> dict[str, str]:
    """The choices kept in cookies, so that the first byte has the right colours, and the frame of the reader."""
    theme = request.COOKIES.get(THEME_COOKIE) or getattr(getattr(request, "user", None), "theme", "auto")
    density = request.COOKIES.get(DENSITY_COOKIE, "comfortable")
    return {
        "theme": theme if theme in THEMES else "auto",
        "density": density if density in DENSITIES else "comfortable",
        "site_name": settings.SITE_NAME,
        "frame": "web/base.html"
        if getattr(request, "user", None) and request.user.is_authenticated
        else "web/public_base.html",
    }
