"""The directory through the API: the same operations and policies as the pages; one module for each noun."""

from ninja import Router

from motrice.directory.api import details, evidence, finding, imports, links, merges, organisations, people

prefix = "/directory"
router = Router()
for module in (organisations, details, links, people, merges, evidence, finding):
    router.add_router("", module.router)
router.add_router("/imports", imports.router)
