import threading

from scripted_window import ScriptedAssistant

from assistant.web.loading import Loading
from corpus.errors import UserError


def test_it_says_what_it_does_until_it_is_ready():
    go = threading.Event()
    reported = threading.Event()

    def build(report):
        report("Loading the model.")
        reported.set()
        assert go.wait(30)
        return ScriptedAssistant()

    loading = Loading(build)
    loading.start()
    assert reported.wait(30)
    assert (loading.state, loading.line, loading.assistant) == ("loading", "Loading the model.", None)
    assert not loading.wait(0)
    go.set()
    assert loading.wait(30)
    assert loading.state == "ready"
    assistant = loading.assistant
    loading.close()
    assert assistant.closed


def test_a_failure_is_one_line_and_can_be_tried_again():
    outcomes = [UserError("No such model: name another."), ValueError("a mistake"), ScriptedAssistant()]

    def build(_):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    loading = Loading(build)
    loading.start()
    assert loading.wait(30)
    assert (loading.state, loading.line) == ("failed", "No such model: name another.")
    loading.start()
    assert loading.wait(30)
    assert loading.state == "failed"
    assert "terminal" in loading.line
    loading.start()
    assert loading.wait(30)
    assert loading.state == "ready"


def test_starting_twice_builds_once():
    built = []

    def build(_):
        built.append(1)
        return ScriptedAssistant()

    loading = Loading(build)
    for _ in range(3):
        loading.start()
        assert loading.wait(30)
    assert built == [1]
