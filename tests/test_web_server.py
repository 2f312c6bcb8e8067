import socket

import pytest
from scripted_window import ScriptedAssistant

from assistant.settings import Settings
from assistant.web.server import serve
from corpus.errors import UserError


def test_a_port_in_use_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(home=tmp_path, port=taken.getsockname()[1])
        with pytest.raises(UserError, match=f"port {settings.port}: .*use.*--port") as caught:
            serve(settings, lambda _: ScriptedAssistant())
    assert "\n" not in str(caught.value)


def test_an_address_that_is_not_this_machines_is_one_line(tmp_path):
    settings = Settings(home=tmp_path, host="no.such.host.invalid", allow_remote=True)
    with pytest.raises(UserError, match="cannot be served on"):
        serve(settings, lambda _: ScriptedAssistant())


def test_other_machines_are_served_only_when_that_is_meant(tmp_path):
    with pytest.raises(UserError, match="allow_remote"):
        serve(Settings(home=tmp_path, host="0.0.0.0", port=0), lambda _: ScriptedAssistant())
