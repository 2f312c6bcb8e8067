"""Addresses as they may be shown, and the places that show them."""

import logging

import pytest

from assistant.cli import main
from assistant.logs import configure
from assistant.models.hosted_errors import explain
from assistant.store.database import Database
from corpus.addresses import redacted, shown
from corpus.errors import UserError
from index.store import unreachable


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://h:8000/v1", "http://h:8000/v1"),
        ("http://u:s3cret@h:8000/v1", "http://***@h:8000/v1"),
        ("http://s3cret@h", "http://***@h"),
        ("http://u:s3/cret@h/v1", "http://***@h/v1"),
        ("http://u:s3?cret@h/v1", "http://***"),
        ("http://u:a@s3?cret@h/v1", "http://***"),
        ("postgresql://h/db?user=u&password=s3cret", "postgresql://h/db?***"),
        ("postgresql:///db?password=s3@cret", "postgresql:///db?***"),
        ("sqlite:////home/ann@work/x.sqlite", "sqlite:////home/ann@work/x.sqlite"),
        ("u:s3cret@h", "***@h"),
    ],
)
def test_what_lets_in_is_left_out(address, expected):
    assert shown(address) == expected
    assert shown(expected) == expected


def test_every_address_in_a_text_is_shown_so():
    text = 'GET http://u:s3cret@h/a?key=s3cret: refused; see (https://example.org), "ftp://u:s3cret@h"'
    assert redacted(text) == 'GET http://***@h/a?***: refused; see (https://example.org), "ftp://***@h"'


def test_messages_name_the_server_without_its_login(tmp_path):
    said = [
        str(unreachable("http://u:s3cret@h:8000")),
        str(explain(ConnectionError("at http://u:s3cret@h"), "openai:m", "http://u:s3cret@h/v1", 5.0)),
        str(explain(ValueError("no"), "openai:m", "http://u:s3cret@h/v1", 5.0)),
    ]
    with pytest.raises(UserError) as caught:
        Database("postgresql://u:s3cret@127.0.0.1:9/x?application_name=s3cret")
    said.append(str(caught.value))
    assert not [line for line in said if "s3cret" in line]
    assert "h:8000" in said[0]
    assert "127.0.0.1:9/x" in said[3]


@pytest.mark.parametrize("url", ["postgresql://u:s3cret@h/x", "postgresql://h/x?password=s3cret"])
def test_the_places_are_told_without_the_password(monkeypatch, capsys, url):
    monkeypatch.setenv("STRATEGY_ASSISTANT_DATABASE", url)
    assert main(["paths", "--json"]) == 0
    told = capsys.readouterr().out
    assert "s3cret" not in told
    assert "/x" in told


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_has_no_login_whoever_writes_it(capsys, form):
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = []
    try:
        configure("info", form=form)
        logging.getLogger("httpx").info("HTTP Request: %s %s", "POST", "http://u:s3cret@h/v1/chat")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    told = capsys.readouterr().err
    assert "http://***@h/v1/chat" in told
    assert "s3cret" not in told
