import json

import pytest
from scripted_window import answer_to

from assistant import cli
from assistant.store import Reader, Store


@pytest.fixture
def home(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'conversations.sqlite'}")
    for name in ("ann", "ben"):
        store.begin(Reader("a" * 32, name), name, f"t-{name}", f"Weather of {name}?")
        store.finish(f"t-{name}", "done", answer_to("weather"))
        store.rate(Reader("a" * 32, name), f"t-{name}", "dislike", "no")
    store.close()
    return tmp_path


def run(home, *arguments):
    return cli.main(["data", *arguments, "--home", str(home)])


def test_what_is_kept_of_a_person_is_printed(home, capsys):
    assert run(home, "export", "ann") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["person"] == "ann"
    assert [len(told[name]) for name in ("conversations", "feedback", "gaps")] == [1, 1, 1]
    assert told["conversations"][0]["messages"][0]["question"] == "Weather of ann?"


def test_what_is_kept_of_a_person_is_deleted(home, capsys):
    assert run(home, "delete", "ann") == 0
    assert "1 conversation, 1 verdict, 1 question without" in capsys.readouterr().out
    run(home, "export", "ann")
    assert json.loads(capsys.readouterr().out)["conversations"] == []
    run(home, "export", "ben")
    assert len(json.loads(capsys.readouterr().out)["conversations"]) == 1


def test_nobody_is_not_everybody(home, capsys):
    assert run(home, "delete", "") == 2
    assert "Name the person" in capsys.readouterr().err
    run(home, "export", "ben")
    assert len(json.loads(capsys.readouterr().out)["conversations"]) == 1
