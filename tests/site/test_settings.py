"""What the settings make of an environment, and which they refuse."""

import os
import runpy
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

import carsite.settings
from tests.deployments import LAMBDA, PRODUCTION


@pytest.fixture
def read(monkeypatch):
    """A function: the settings, read anew with nothing but this environment."""

    def read(environment):
        with monkeypatch.context() as patch:
            for name in list(os.environ):
                patch.delenv(name)
            for name, text in environment.items():
                patch.setenv(name, text)
            return SimpleNamespace(**runpy.run_path(carsite.settings.__file__))

    return read


def test_debug_is_off_unless_asked_for(read):
    assert read(PRODUCTION).DEBUG is False
    assert read({"DEBUG": "1"}).DEBUG is True


def test_ones_own_machine_shows_the_sites_own_error_pages(read):
    local = read({"LOCAL": "1"})
    assert (local.LOCAL, local.DEBUG) == (True, False)
    assert read(PRODUCTION).LOCAL is False


@pytest.mark.parametrize("name", PRODUCTION)
@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_setting_is_a_missing_one_and_named(read, name, text):
    with pytest.raises(ImproperlyConfigured, match=f"{name} is not set"):
        read(PRODUCTION | {name: text})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"MAX_UPLOAD_BYTES": "20 MB"}, "MAX_UPLOAD_BYTES is '20 MB'"),
        ({"MAX_UPLOAD_BYTES": "0"}, "MAX_UPLOAD_BYTES is '0'"),
        ({"MAX_UPLOAD_BYTES": "-5"}, "MAX_UPLOAD_BYTES is '-5'"),
        ({"LIMIT_UPLOADS": "60"}, "LIMIT_UPLOADS is '60': write how often an hour"),
        ({"LIMIT_UPLOADS": "60,0"}, "LIMIT_UPLOADS is '60,0'"),
        ({"LIMIT_LOGINS": "a,b"}, "LIMIT_LOGINS is 'a,b'"),
        ({"LIMIT_CARS_PER_DAY": "0"}, "LIMIT_CARS_PER_DAY is '0'"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is '-1'"),
        ({"GALLERY_REQUIRES_APPROVAL": "ture"}, "GALLERY_REQUIRES_APPROVAL is 'ture': write 1"),
        ({"FORWARDED_HOST": "2"}, "FORWARDED_HOST is '2'"),
        ({"DATABASE_URL": "mysql://user@host/name"}, "DATABASE_URL is neither"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is neither"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_and_named(read, changed, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        read(PRODUCTION | changed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"DATABASE_URL": "sqlite:////tmp/cars.sqlite3"}, "DATABASE_URL names SQLite"),
        ({"S3_BUCKET": ""}, "S3_BUCKET is not set"),
    ],
)
def test_lambda_refuses_what_would_lose_data(read, changed, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        read(LAMBDA | changed)


def test_uploads_are_smaller_on_lambda(read):
    assert read(LAMBDA).MAX_UPLOAD_BYTES == 4 * 2**20
    assert read(PRODUCTION).MAX_UPLOAD_BYTES == 20 * 2**20
    assert read(PRODUCTION | {"MAX_UPLOAD_BYTES": "1000"}).MAX_UPLOAD_BYTES == 1000


def test_the_gallery_of_a_deployed_site_asks_for_approval(read):
    assert read(PRODUCTION).GALLERY_REQUIRES_APPROVAL is read(LAMBDA).GALLERY_REQUIRES_APPROVAL is True
    assert read({"LOCAL": "1"}).GALLERY_REQUIRES_APPROVAL is False
    assert read(PRODUCTION | {"GALLERY_REQUIRES_APPROVAL": "0"}).GALLERY_REQUIRES_APPROVAL is False
    assert read({"LOCAL": "1", "GALLERY_REQUIRES_APPROVAL": "1"}).GALLERY_REQUIRES_APPROVAL is True


@pytest.mark.parametrize(("text", "is_on"), [("1", True), ("True", True), ("on", True), ("off", False), ("no", False)])
def test_what_is_on_or_off_may_be_written_in_words(read, text, is_on):
    assert read(PRODUCTION | {"FORWARDED_HOST": text}).USE_X_FORWARDED_HOST is is_on


def test_limits_are_settings(read):
    changed = read(PRODUCTION | {"LIMIT_UPLOADS": " 7, 70", "LIMIT_CARS_PER_DAY": "90", "TRUSTED_PROXIES": "2"})
    assert changed.LIMITS == read(PRODUCTION).LIMITS | {"uploads": (7, 70)}
    assert (changed.LIMIT_CARS_PER_DAY, changed.TRUSTED_PROXIES) == (90, 2)
    assert read(PRODUCTION | {"TRUSTED_PROXIES": "0"}).TRUSTED_PROXIES == read(PRODUCTION).TRUSTED_PROXIES == 0


def test_host_names_may_stand_apart(read):
    assert read(PRODUCTION | {"ALLOWED_HOSTS": "a.example, b.example,"}).ALLOWED_HOSTS == ["a.example", "b.example"]
    origins = read(PRODUCTION | {"CSRF_TRUSTED_ORIGINS": "https://a.example, https://b.example"}).CSRF_TRUSTED_ORIGINS
    assert origins == ["https://a.example", "https://b.example"]


def test_lambda_keeps_no_connection_that_others_need(read):
    assert read(LAMBDA).DATABASES["default"]["CONN_MAX_AGE"] == 0
    assert read(PRODUCTION).DATABASES["default"]["CONN_MAX_AGE"] > 0


def test_the_database_is_reached_by_tls_unless_its_address_says_otherwise(read):
    def sslmode(environment):
        return read(environment).DATABASES["default"].get("OPTIONS", {}).get("sslmode")

    assert sslmode(PRODUCTION) == sslmode(LAMBDA) == "require"
    url = PRODUCTION["DATABASE_URL"]
    assert sslmode(PRODUCTION | {"DATABASE_URL": f"{url}?sslmode=verify-full"}) == "verify-full"
    assert sslmode({"LOCAL": "1", "DATABASE_URL": url}) is None


def test_the_wait_for_the_database_has_an_end_unless_its_address_says_otherwise(read):
    options = read(LAMBDA).DATABASES["default"]["OPTIONS"]
    assert (options["connect_timeout"], options["tcp_user_timeout"]) == (3, 10_000)
    patient = read(PRODUCTION | {"DATABASE_URL": f"{PRODUCTION['DATABASE_URL']}?connect_timeout=30"})
    assert patient.DATABASES["default"]["OPTIONS"]["connect_timeout"] == 30


def test_a_pooler_between_lambda_and_the_database_is_provided_for(read):
    assert read(LAMBDA).DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"]
    assert not read(PRODUCTION).DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"]


def test_a_path_prefix_leads_static_files_too(read):
    mounted = read(PRODUCTION | {"FORCE_SCRIPT_NAME": "/dev/"})
    assert (mounted.FORCE_SCRIPT_NAME, mounted.STATIC_URL) == ("/dev", "/dev/static/")
    assert (read(PRODUCTION).FORCE_SCRIPT_NAME, read(PRODUCTION).STATIC_URL) == (None, "/static/")


def test_pictures_go_to_the_bucket_that_is_named(read):
    storage = read(LAMBDA | {"S3_PREFIX": "site"}).STORAGES["default"]
    assert storage["BACKEND"] == "carsite.s3.PictureBucket"
    assert (storage["OPTIONS"]["bucket_name"], storage["OPTIONS"]["location"]) == ("pictures", "site")
    assert "FileSystemStorage" in read(PRODUCTION).STORAGES["default"]["BACKEND"]


def test_browsers_may_load_pictures_from_the_bucket_and_nothing_else(read):
    def sources(environment):
        return read(environment).CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]

    assert sources(PRODUCTION) == ["'self'", "blob:", "data:"]
    assert "https://pictures.s3.eu-west-1.amazonaws.com" in sources(LAMBDA)
    assert "http://127.0.0.1:9000" in sources(LAMBDA | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9000/"})
    assert sources(LAMBDA | {"S3_CDN_DOMAIN": "cars.example.net"})[3:] == ["https://cars.example.net"]


def test_a_forwarded_host_counts_only_where_it_is_asked_for(read):
    assert read(PRODUCTION).USE_X_FORWARDED_HOST is False
    assert read(PRODUCTION | {"FORWARDED_HOST": "1"}).USE_X_FORWARDED_HOST is True


def test_cookies_travel_by_tls_alone_in_production(read):
    settings = read(PRODUCTION)
    assert settings.SESSION_COOKIE_SECURE
    assert settings.CSRF_COOKIE_SECURE
    assert not hasattr(read({"LOCAL": "1"}), "SESSION_COOKIE_SECURE")
