"""Inventions through the API: the same operations as the pages, the same rights; one module for each noun."""

from ninja import Router

from motrice.inventions.api import disclosures, evaluation, files, opinions, parts, signing

prefix = "/inventions"
router = Router()
for module in (disclosures, parts, files, signing, evaluation, opinions):
    router.add_router("", module.router)
