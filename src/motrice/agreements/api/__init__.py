"""Agreements through the API: the same operations as the pages, the same rights."""

from ninja import Router

from motrice.agreements.api import agreements, licences

prefix = "/agreements"
router = Router()
for module in (agreements, licences):
    router.add_router("", module.router)
