"""Which address a request counts for, whatever it says of itself."""

import pytest
from django.test import Client

from reconstruct.limits import clients


def test_an_address_is_counted_whoever_asks_and_another_is_not_hindered(db, limit):
    limit("uploads", 100, 2)
    assert [Client(REMOTE_ADDR="198.51.100.1").post("/upload/").status_code for _ in range(3)] == [422, 422, 429]
    assert Client(REMOTE_ADDR="198.51.100.2").post("/upload/").status_code == 422


def test_an_ipv6_address_is_counted_with_its_64_bit_neighbours(db, limit):
    limit("uploads", 100, 1)

    def ask(address):
        return Client(REMOTE_ADDR=address).post("/upload/").status_code

    assert ask("2001:db8:0:1::1") == 422
    assert ask("2001:db8:0:1:ffff::2") == 429
    assert ask("2001:db8:0:2::1") == 422
    assert ask("198.51.100.1") == 422
    assert ask("::ffff:198.51.100.1") == 429


FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-Ip": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
    "True-Client-Ip": "203.0.113.9",
    "Cf-Connecting-Ip": "203.0.113.9",
    "X-Client-Ip": "203.0.113.9",
    "X-Cluster-Client-Ip": "203.0.113.9",
    "Lambda.event": '{"requestContext": {"http": {"sourceIp": "203.0.113.9"}}}',
    "Remote-Addr": "203.0.113.9",
}


@pytest.mark.parametrize("name", FORGED)
def test_no_header_hides_an_address(db, limit, name):
    limit("uploads", 100, 1)
    forged = Client(REMOTE_ADDR="198.51.100.1")
    assert Client(REMOTE_ADDR="198.51.100.1").post("/upload/").status_code == 422
    assert forged.post("/upload/", headers={name: FORGED[name]}).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").post("/upload/").status_code == 422


def url_event(source):
    return {"version": "2.0", "requestContext": {"http": {"method": "POST", "sourceIp": source}}}


@pytest.mark.parametrize("name", FORGED)
def test_no_header_hides_an_address_behind_a_function_url(db, limit, name):
    """Zappa takes what the client wrote for REMOTE_ADDR."""
    limit("uploads", 100, 1)

    def ask(source, **headers):
        environment = {"lambda.event": url_event(source), "REMOTE_ADDR": "203.0.113.9"}
        return Client(**environment).post("/upload/", headers=headers).status_code

    assert ask("198.51.100.1") == 422
    assert ask("198.51.100.1", **{name: FORGED[name]}) == 429
    assert ask("203.0.113.9") == 422


def test_behind_an_api_gateway_its_caller_is_asked_for(rf):
    event = {"requestContext": {"identity": {"sourceIp": "198.51.100.1"}}}
    request = rf.get(
        "/", headers={"x-forwarded-for": "203.0.113.9, 198.51.100.1, 192.0.2.1"}, **{"lambda.event": event}
    )
    assert clients.address_of(request) == "198.51.100.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 192.0.2.7", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8::1:2:3:4", "2001:db8::"),
        (1, "nonsense", ""),
    ],
)
def test_only_the_proxies_that_we_trust_are_believed(rf, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert clients.address_of(request) == address


@pytest.mark.parametrize(
    "forwarded", ["203.0.113.9, 198.51.100.1", "10.0.0.1, 203.0.113.9, 198.51.100.1", "203.0.113.9"]
)
def test_a_cdn_in_front_of_a_function_url_is_one_proxy(rf, settings, forwarded):
    settings.TRUSTED_PROXIES = 1
    request = rf.get("/", headers={"x-forwarded-for": forwarded}, **{"lambda.event": url_event("198.51.100.1")})
    assert clients.address_of(request) == "203.0.113.9"


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.1.2.3", ""])
def test_a_proxy_that_nobody_told_us_of_is_in_the_log_once(rf, caplog, peer):
    clients.warn_of_proxy.cache_clear()
    for _ in range(2):
        clients.address_of(rf.get("/", headers={"x-forwarded-for": "203.0.113.9"}, REMOTE_ADDR=peer))
    assert [record.message.count("TRUSTED_PROXIES") for record in caplog.records] == [2]
