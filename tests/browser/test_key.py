"""A visitor's link, in another browser."""


def test_the_link_fills_the_form_and_leaves_the_address(open_page, visitor, private_car):
    link = visitor.get("/history/").context["key_link"]
    page = open_page("/history/#" + link.partition("#")[2])
    assert "#" not in page.url
    page.keyboard.press("Enter")
    page.wait_for_selector("text=yours in this browser")
    assert page.locator(f'a[href="{private_car.get_absolute_url()}"]').count() == 1
