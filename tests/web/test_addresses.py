"""The paths that are remembered are those that `reverse` gives."""

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from motrice.web.addresses import path_to


def test_a_remembered_path_follows_where_the_site_is_mounted():
    plain = path_to("directory:organisation", "ABCD2345")
    set_script_prefix("/motrice/")
    try:
        mounted = path_to("directory:organisation", "ABCD2345")
        assert mounted == reverse("directory:organisation", args=["ABCD2345"]) == f"/motrice{plain}"
    finally:
        set_script_prefix("/")
    assert path_to("directory:organisation", "ABCD2345") == plain


def test_a_page_that_does_not_exist_has_no_path():
    with pytest.raises(NoReverseMatch):
        path_to("directory:nowhere")
