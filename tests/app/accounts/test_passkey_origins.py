"""Where passkeys may be used: what the operator names, as browsers write it, and the request only chooses."""

import pytest

from app.config import Settings, SettingsError
from app.factory import create_app
from app.web.origin import site
from keys.passkeys import Site


def origins(text, **more):
    return Settings.from_environment(
        {"SCHOTTEN_INSTANCE": "/x", "SCHOTTEN_ORIGINS": text, **more}
    ).passkey_origins


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://board.example.org", ("https://board.example.org",)),
        (
            "https://Board.Example.org/, https://clearing.example.org:443 https://desk.example.org:8443",
            ("https://board.example.org", "https://clearing.example.org", "https://desk.example.org:8443"),
        ),
        ("http://localhost:8000", ("http://localhost:8000",)),
    ],
)
def test_addresses_are_read_as_browsers_write_them(typed, read):
    assert origins(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "board.example.org",
        "http://board.example.org",
        "https://127.0.0.1",
        "https://[::1]:8000",
        "https://board.example.org/clearing",
        "https://someone@board.example.org",
        "https://board.example.org?x",
        "https://",
        "https://board.example.org:port",
        "ftp://board.example.org",
    ],
)
def test_what_no_browser_takes_a_passkey_at_is_refused(typed):
    with pytest.raises(SettingsError, match="SCHOTTEN_ORIGINS"):
        origins(typed)


def test_without_a_word_it_is_localhost_where_there_is_no_https_and_nowhere_else():
    assert origins("") == ()
    assert origins("", SCHOTTEN_HTTPS="off", SCHOTTEN_PORT="8123") == ("http://localhost:8123",)


def test_the_request_chooses_among_the_named_ones_and_adds_none(organisation):
    named = ("https://clearing.example.org", "https://desk.example.org:8443")
    app = create_app(organisation.settings.but(https=True, origins=named))
    seen = {}
    for host in ("clearing.example.org", "desk.example.org:8443", "desk.example.org", "evil.example.org"):
        with app.test_request_context(base_url=f"https://{host}"):
            seen[host] = site()
    app.extensions["schotten"].shared.close()
    assert list(seen.values()) == [Site(named[0]), Site(named[1]), None, None]
    assert Site(named[1]).host == "desk.example.org"
