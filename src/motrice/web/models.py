"""Saved views: a list's filters and columns under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import PolicyQuerySet
from motrice.core.references import new_reference


class SavedView(models.Model):
    """A name for one address of a list, kept by a user and perhaps shared inside the network."""

    reference = models.CharField(_("reference"), max_length=16, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.PROTECT, related_name="saved_views"
    )
    list_name = models.CharField(_("list"), max_length=64)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=2000, blank=True)
    is_shared = models.BooleanField(_("shared with the network"), default=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["list_name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list_name", "name"],
                name="saved_view_name_once",
                violation_error_message=_("You already have a view of this list under that name."),
            ),
        ]
        indexes = [models.Index(fields=["list_name", "is_shared"], name="saved_view_list")]

    def __str__(self) -> str:
        return self.name
