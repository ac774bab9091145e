"""Every part in a real browser: accessible in each theme and width, by keyboard, with and without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import create_user, system_user
from motrice.web.models import SavedView
from tests.e2e.accessibility import assert_accessible, violations

PAGES = ["/_gallery/", "/_gallery/list/", "/_gallery/form/", "/_gallery/public/"]


@pytest.fixture
def odile(transactional_db):
    """A member of the network."""
    user = create_user(email="odile@example.org", display_name="Odile Brume", actor=system_user())
    grant_role(user=user, kind="coordinator", actor=system_user())
    return user


def titles(page: Page) -> list[str]:
    return page.locator(".list-table tbody .cell-main").all_inner_texts()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_every_part_is_accessible(open_page, odile, path, theme, width):
    page = open_page(path, user=odile, theme=theme, width=width)

    assert_accessible(page)


def test_the_check_finds_a_fault(open_page, odile):
    page = open_page("/_gallery/", user=odile)
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"/static/web/sign.svg\">'")

    assert any(fault.startswith("image-alt") for fault in violations(page))


def test_open_menus_refused_forms_and_error_pages_are_accessible(open_page, odile):
    page = open_page("/_gallery/form/", user=odile, expect_errors=True)
    page.locator("details.menu summary").first.click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)

    page.locator("form.form").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Send to the desk").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert_accessible(page)

    page.goto(page.url.replace("/_gallery/form/", "/nowhere/"))
    assert_accessible(page)


def test_list_narrows_as_one_types_and_the_address_follows(open_page, odile):
    page = open_page("/_gallery/list/", user=odile)

    page.get_by_role("searchbox", name="Search this list").press_sequentially("add content")
    expect(page.locator(".list-sentence")).to_contain_text("for “add content”")

    assert titles(page) == ["Can add content type"]
    assert page.url.endswith("/_gallery/list/?q=add+content")
    expect(page.get_by_role("searchbox", name="Search this list")).to_be_focused()
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("tbody tr")).to_have_count(25)


def test_facets_sort_and_pages_work_in_place_and_by_going_back(open_page, odile):
    page = open_page("/_gallery/list/", user=odile)
    page.get_by_label(re.compile("^add ")).check()
    expect(page).to_have_url(re.compile(r"\?verb=add$"))
    page.get_by_role("link", name="Code").click()
    expect(page).to_have_url(re.compile(r"\?verb=add&sort=codename$"))
    page.get_by_role("link", name="2", exact=True).click()
    expect(page).to_have_url(re.compile(r"&page=2$"))
    second = titles(page)

    page.go_back()
    expect(page).to_have_url(re.compile(r"sort=codename$"))
    expect(page.locator("tbody tr")).to_have_count(25)

    assert titles(page) != second


def test_list_works_without_a_script(open_page, odile):
    page = open_page("/_gallery/list/", user=odile, has_script=False)

    page.get_by_label(re.compile("^add ")).check()
    page.get_by_role("button", name="Apply").first.click()
    assert all(title.startswith("Can add") for title in titles(page))

    page.locator("input[name=select]").first.check()
    page.get_by_role("button", name="Count them").click()
    page.get_by_role("button", name="Count them").click()
    expect(page.locator(".toast-note")).to_contain_text("1 counted.")


def test_list_is_walked_by_keyboard(open_page, odile):
    page = open_page("/_gallery/list/", user=odile)

    for key in "jjjk":
        page.keyboard.press(key)
    page.keyboard.press("x")

    expect(page.locator("tbody tr").nth(1)).to_have_class(re.compile("is-current"))
    expect(page.locator("tbody tr").nth(1).locator("[data-select]")).to_be_checked()
    expect(page.locator("[data-selected-count]")).to_have_text("1")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/_gallery/#right-\d+$"))


def test_view_is_saved_and_opened(open_page, odile):
    page = open_page("/_gallery/list/?verb=add", user=odile)
    page.locator("summary", has_text="Views").click()
    page.get_by_label("Name of the view").fill("Additions")
    page.get_by_role("button", name="Save this view").click()

    expect(page.get_by_role("link", name="Additions")).to_have_attribute("aria-current", "true")
    assert SavedView.objects.get().query == "verb=add"


def test_colours_change_at_once_and_last(open_page, odile):
    page = open_page("/_gallery/", user=odile)
    page.locator("summary", has_text="Display").click()
    with page.expect_response("**/preferences/"):
        page.get_by_role("button", name="Dark").click()
    expect(page.locator("body")).to_have_css("background-color", "rgb(16, 25, 29)")

    page.reload()

    expect(page.locator("body")).to_have_css("background-color", "rgb(16, 25, 29)")


def test_section_is_edited_in_place(open_page, odile):
    page = open_page("/_gallery/", user=odile)
    page.get_by_role("link", name="Edit What is asked").click()
    page.locator("#facts").get_by_label("Sector").fill("Food")
    page.locator("#facts").get_by_role("button", name="Save").click()

    expect(page.locator("#facts dd").first).to_have_text("Food")
    assert page.url.endswith("/_gallery/")


def test_draft_is_kept_as_typed(open_page, odile):
    page = open_page("/_gallery/form/", user=odile)

    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_label("What is the problem?").press_sequentially("A pane")

    expect(page.locator("[data-autosave-state]")).to_contain_text("Saved at")
    assert 'name="title"\r\n\r\nA pane' in sent.value.post_data


def test_file_of_another_kind_is_refused_before_it_travels(open_page, odile):
    page = open_page("/_gallery/form/", user=odile)

    page.get_by_label("Attachment").set_input_files(
        {"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"x"}
    )

    expect(page.locator("[data-upload-message]")).to_contain_text("a.exe is not of a kind")


def test_search_suggests_and_is_walked_by_keyboard(open_page, odile):
    page = open_page("/_gallery/", user=odile)
    page.keyboard.press("/")
    expect(page.locator("#search-box")).to_be_focused()
    box = page.locator("#gallery-search")
    box.press_sequentially("verr")
    expect(page.get_by_role("option")).to_have_count(2)
    assert_accessible(page)

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("#essarts$"))


def test_charts_come_alive_when_seen_and_follow_the_theme(open_page, odile):
    page = open_page("/_gallery/", user=odile)
    page.locator("[data-chart]").nth(1).scroll_into_view_if_needed()

    expect(page.locator("[data-chart]").nth(1).locator("canvas")).to_have_count(1)
    expect(page.locator("[data-chart] .figure-frame > svg").nth(1)).to_have_attribute("visibility", "hidden")
    assert_accessible(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_live_chart_is_printed_as_its_drawing_on_white(open_page, odile, theme):
    page = open_page("/_gallery/", user=odile, theme=theme)
    figure = page.locator("[data-chart]").nth(1)
    figure.scroll_into_view_if_needed()
    expect(figure.locator("canvas")).to_have_count(1)

    page.emulate_media(media="print", color_scheme=theme)

    expect(figure.locator(".figure-live")).to_be_hidden()
    expect(figure.locator(".figure-frame > svg")).to_have_css("visibility", "visible")
    expect(figure.locator(".figure-frame > svg text").first).to_have_css("fill", "rgb(77, 93, 100)")
    box = figure.locator(".figure-frame").bounding_box()
    assert figure.locator(".figure-frame > svg").bounding_box()["height"] <= box["height"] + 1


def test_second_click_sends_nothing(open_page, odile):
    page = open_page("/_gallery/form/", user=odile)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.route("**/_gallery/form/", lambda route: None if route.request.method == "POST" else route.continue_())
    page.locator("form.form").evaluate("form => { form.noValidate = true; form.removeAttribute('data-autosave'); }")
    button = page.get_by_role("button", name="Send to the desk")

    button.evaluate("button => { button.click(); setTimeout(() => button.click(), 60); }")
    page.wait_for_timeout(300)

    assert len(sent) == 1
