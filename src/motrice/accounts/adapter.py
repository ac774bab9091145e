"""How Motrice uses allauth: no open sign-up, a log of sign-ins, mails in the person's language."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from motrice.accounts.models import User
from motrice.accounts.operations.users import set_password
from motrice.accounts.sealing import seal, unseal
from motrice.accounts.tasks import send_account_mail, send_reset
from motrice.core import audit


class AccountAdapter(DefaultAccountAdapter):
    """Set as `ACCOUNT_ADAPTER`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by invitation."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Through the operation, so that the log knows."""
        set_password(user=user, password=password)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and note it."""
        super().login(request, user)
        audit.trace(user, "session.open", subject=user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Take over the language of the person's profile where this browser has chosen none."""
        response = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            keep_language(response, user.language)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the person's profile, by the queue: no page waits for the mail server."""
        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        request = allauth_context.request
        site = {"current_site": get_current_site(request), "site_name": settings.SITE_NAME}
        with translation.override(user.language if user is not None else translation.get_language()):
            mail = self.render_mail(template_prefix, email, {"request": request, "email": email, **site, **context})
        send_account_mail.enqueue(email, mail.subject, mail.body)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """The worker makes the address itself: it never waits in the queue."""
        send_reset.enqueue(email)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Set as `MFA_ADAPTER`: no secret of a second factor stands in the database as it is."""

    def encrypt(self, text: str) -> str:
        """For the database."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """From the database."""
        return unseal(encrypted_text)


def keep_language(response: HttpResponse, language: str) -> None:
    """Remember a language in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def client_account(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """Which account a sign-in tries to open: the same text while it is checked and when it has failed."""
    given = credentials or {}
    name = given.get("email") or given.get("username")
    if not name and request is not None:
        name = request.POST.get("login")
    return str(name).strip().lower()[:255] if name else None
