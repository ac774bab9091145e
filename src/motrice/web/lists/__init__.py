"""The one list pattern: declare a list once, and get search, facets, sort, columns, views, bulk acts and exports."""

from motrice.web.lists.bulk import BulkAction, BulkResult
from motrice.web.lists.declare import Column, DateFacet, Empty, Facet, Option, OptionFacet
from motrice.web.lists.page import ListPage

__all__ = [
    "BulkAction",
    "BulkResult",
    "Column",
    "DateFacet",
    "Empty",
    "Facet",
    "ListPage",
    "Option",
    "OptionFacet",
]
