import time

import jwt
import pytest

from assistant.access import people
from assistant.access.door import door_of
from assistant.access.limits import Limits
from assistant.access.people import People, line_for
from assistant.access.person import Person
from assistant.access.proxies import Proxies
from assistant.access.sites import origins
from assistant.access.tokens import Tokens, mint
from assistant.settings import Settings
from corpus.errors import UserError

SECRET = "s" * 32


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "people.txt"
    path.write_text(f"# who\n\n{line_for('ann', 'ask', 'key of ann')}\n{line_for('ed', 'own', 'key of ed')}\n")
    return path


def test_people_are_known_by_their_own_key(file):
    known = People(file)
    assert known.check("ann", "key of ann") == Person("ann", "ask")
    assert known.check("ed", "key of ed") == Person("ed", "own")
    for name, key in (("ann", "key of ed"), ("ann", ""), ("bob", "key of ann"), ("ann", "key of ann" + "x" * 300)):
        assert known.check(name, key) is None


def test_a_key_is_known_again_only_once_it_was_right(file):
    known = People(file)
    assert known.known("ann", "key of ann") is None
    known.check("ann", "wrong key")
    assert known.known("ann", "wrong key") is None
    known.check("ann", "key of ann")
    assert known.known("ann", "key of ann") == Person("ann", "ask")
    assert known.known("ed", "key of ann") is None


def test_the_file_holds_no_key(file):
    assert "key of" not in file.read_text()
    assert line_for("ann", "ask", "same key!") != line_for("ann", "ask", "same key!")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nobody\n",
        "ann ask\n",
        "ann king scrypt$AAAA$AAAA\n",
        "ann ask scrypt$!$!\n",
        "ann ask md5$AA$AA\n",
        "DOUBLE",
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(tmp_path, text):
    path = tmp_path / "people.txt"
    path.write_text(text if text != "DOUBLE" else f"{line_for('ann', 'ask', 'x' * 9)}\n" * 2)
    with pytest.raises(UserError) as caught:
        People(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "key"), [("", "x" * 9), ("a b", "x" * 9), ("a:b", "x" * 9), ("ann", "short")])
def test_names_and_keys_have_bounds(name, key):
    with pytest.raises(UserError):
        line_for(name, "ask", key)


def claims(**changed):
    now = int(time.time())
    return {"sub": "ann", "aud": "strategy-assistant", "iat": now, "exp": now + 600} | changed


def test_a_token_names_who_asks_and_never_owns():
    assert Tokens(SECRET).person(mint(SECRET, "ann")) == Person("ann", "ask")
    assert Tokens(SECRET).person(jwt.encode(claims(role="own"), SECRET, "HS256")) == Person("ann", "ask")


NOW = int(time.time())


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "\ud800.x.y",
        mint("t" * 32, "ann"),
        mint(SECRET, "ann")[:-2],
        jwt.encode(claims(), None, "none"),
        jwt.encode(claims(), SECRET * 2, "HS512"),
        jwt.encode(claims(exp=NOW - 120), SECRET, "HS256"),
        jwt.encode(claims(exp=NOW + 90_000), SECRET, "HS256"),
        jwt.encode(claims(iat=NOW + 9_000, exp=NOW + 9_100), SECRET, "HS256"),
        jwt.encode(claims(aud="another"), SECRET, "HS256"),
        jwt.encode(claims(sub=""), SECRET, "HS256"),
        jwt.encode({"sub": "ann", "aud": "strategy-assistant"}, SECRET, "HS256"),
    ],
    # The tokens tell the second in which they were made, which is another one in each process.
    ids="empty dots surrogate other-secret cut unsigned other-algorithm expired too-long later other-audience nobody "
    "endless".split(),
)
def test_forged_old_foreign_and_long_lived_tokens_are_nobody(token):
    assert Tokens(SECRET).person(token) is None


def test_a_short_secret_is_refused_and_not_repeated():
    with pytest.raises(UserError) as caught:
        Tokens("hunter2")
    assert "hunter2" not in str(caught.value)


def test_only_trusted_proxies_are_believed():
    proxies = Proxies(["10.0.0.0/8", "::1"])
    assert proxies.origin("10.0.0.1", "203.0.113.9") == "203.0.113.9"
    assert proxies.origin("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2") == "203.0.113.9"
    assert proxies.origin("203.0.113.9", "1.1.1.1") == "203.0.113.9"
    assert proxies.origin("10.0.0.1", "nonsense") == "10.0.0.1"
    assert not proxies.trusted("testclient")
    with pytest.raises(UserError, match="trusted_proxies"):
        Proxies(["example.org"])


def test_sites_are_origins():
    assert origins(
        ["https://Intranet.example/", "https://a.example:443", "http://b.example:8080", "http://[::1]:1"]
    ) == (
        "https://intranet.example",
        "https://a.example",
        "http://b.example:8080",
        "http://[::1]:1",
    )


@pytest.mark.parametrize(
    "site",
    [
        "*", "", "intranet.example", "https://*.example", "https://a.example/path", "https://a.example?x", "null",
        "https://a.example; script-src *", "https://a@b.example", "ftp://a.example", "https://a.example:x", "https://é.example",
    ],
)  # fmt: skip
def test_anything_else_is_no_site(site):
    with pytest.raises(UserError, match="allowed_sites"):
        origins([site])


def test_limits_count_person_address_and_day():
    limits = Limits(per_minute=2, per_address=3)
    assert [limits.ask("ann", "1.1.1.1") is None for _ in range(3)] == [True, True, False]
    assert limits.ask("bob", "1.1.1.1") is None
    line, seconds = limits.ask("eve", "1.1.1.1")
    assert "3 questions in a minute from one address" in line
    assert 1 <= seconds <= 61
    assert limits.ask("eve", "2.2.2.2") is None
    day = Limits(per_day=1)
    assert day.ask("ann", "x") is None
    assert "1 questions in a day" in day.ask("ann", "x")[0]
    assert all(Limits().ask("ann", "x") is None for _ in range(1000))


def test_settings_make_the_door(tmp_path, file):
    assert not door_of(Settings(home=tmp_path)).guarded
    assert door_of(Settings(home=tmp_path, people_file=file)).guarded
    assert door_of(Settings(home=tmp_path, token_secret=SECRET)).guarded
    assert door_of(Settings(home=tmp_path, trusted_proxies=("10.0.0.1",))).guarded
    with pytest.raises(UserError, match="people_file"):
        door_of(Settings(home=tmp_path, people_file=tmp_path / "absent"))
    assert people.read(file).keys() == {"ann", "ed"}
