"""Text in addresses and cookies that a database may choke on; run on PostgreSQL as well."""

from urllib.parse import quote

import pytest
from django.test import Client

LIST = "/admin/reconstruct/reconstruction/"
TEXTS = {
    "nul": "%00",
    "a nul in between": "a%00b",
    "no utf-8": "%ff%fe",
    "half a character": "%ed%a0%80",
    "a quote": "%27",
    "a percent sign": "%25",
    "a huge number": "9" * 40,
    "a negative number": "-1",
    "an infinite number": "inf",
    "no number": "nan",
    "a long text": "a" * 5000,
    "a null": "%E2%90%80",
    "a script": quote("<script>"),
}
PAGES = [
    "/?a={text}",
    "/gallery/?before={text}",
    "/history/?before={text}",
    "/how/?balance={text}&seed={text}",
    "/explore/?roll={text}&temperature={text}",
    "/explore/dream/{text}?temperature={text}",
    "/cars/{text}/",
    "/cars/{slug}/?with={text}",
    "/cars/{slug}/?shelf={text}",
    "/cars/{slug}/?before={text}&seed={text}&radius={text}&depth={text}",
    "/cars/{slug}/depth/{text}?v={text}",
    "/cars/{slug}/steer?{text}={text}",
    "/cars/{slug}/morph/{text}/50",
    "/api/v1/cars?before={text}&limit={text}",
    "/api/v1/cars/{text}",
    "/{text}",
]
ADMIN = [
    f"{LIST}?q={{text}}",
    f"{LIST}?model_version={{text}}",
    f"{LIST}?origin={{text}}",
    f"{LIST}?origin__exact={{text}}",
    f"{LIST}?visitor={{text}}",
    f"{LIST}?slug__startswith={{text}}",
    f"{LIST}?gallery={{text}}&quality={{text}}&code={{text}}",
    f"{LIST}?created_at__gte={{text}}",
    f"{LIST}?id={{text}}",
    f"{LIST}?p={{text}}&o={{text}}",
    f"{LIST}?{{text}}={{text}}",
    f"{LIST}{{text}}/change/",
    f"{LIST}{{text}}/delete/",
    f"{LIST}{{text}}/history/",
    "/admin/login/?next={text}",
    "/admin/auth/user/?q={text}",
    "/admin/{text}",
]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_no_text_in_an_address_is_our_fault(stranger, staff, car, text):
    for client, addresses in ((stranger, PAGES), (staff, ADMIN)):
        for address in addresses:
            response = client.get(address.format(text=text, slug=car.slug))
            assert response.status_code < 500, address


@pytest.mark.parametrize("address", ["/cars/{slug}/?with=%00", "/gallery/?before=a%00b", "/?%00=1", f"{LIST}?q=%00"])
def test_a_nul_in_an_address_is_refused(staff, car, address):
    response = staff.get(address.format(slug=car.slug))
    assert response.status_code == 400
    assert "400.html" in [template.name for template in response.templates]


def test_programs_are_told_by_a_problem(db):
    response = Client().get("/api/v1/cars?before=%00")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["sessionid", "visitor", "csrftoken", "messages"])
def test_a_nul_in_a_cookie_is_refused(db, name):
    """A cookie may write any character as a backslash and three digits."""
    response = Client().get("/cars/none/", headers={"cookie": rf'{name}="aaaaaaaaaaaa\000"'})
    assert response.status_code == 400
