"""Vectors on a Chroma server, started for real: several processes, one writer, and a server that goes away."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import numpy as np
import pytest
from test_index_opening import CountingEncoder, best, documents, opened, serving

from assistant.cli import main
from corpus.errors import UserError
from index import FakeEncoder, FakeSparseEncoder, history, open_index, plan_index
from index.store import _close, _server_client, drop_collections, write_server


class Server:
    """`chroma run` over a folder, on a free port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        command = [program, "run", "--path", self._folder, "--host", "127.0.0.1", "--port", str(self.port)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen([os.fspath(part) for part in command], stdout=quiet, stderr=quiet)
        ends = time.monotonic() + 300  # On a busy machine it starts slowly.
        while True:
            try:
                if httpx.get(f"{self.url}/api/v2/heartbeat").status_code == 200:
                    return
            except httpx.TransportError:
                assert time.monotonic() < ends
            time.sleep(0.1)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def collections(self) -> set[str]:
        client = _server_client(self.url)
        try:
            return {collection.name for collection in client.list_collections()}
        finally:
            _close(client)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(running):
    drop_collections(running.url, "", ())
    return running


def test_it_answers_as_a_folder_does_and_embeds_only_what_is_new(tmp_path: Path, server: Server) -> None:
    index = opened(tmp_path, url=server.url)
    folder = opened(tmp_path / "other")
    for question in ("small experiments of teams", "review board risk", "one direction"):
        ours, theirs = index.search(question), folder.search(question)
        assert [hit.passage for hit in ours] == [hit.passage for hit in theirs]
        np.testing.assert_allclose([hit.score for hit in ours], [hit.score for hit in theirs], rtol=1e-4, atol=1e-5)
    assert not (serving(tmp_path) / "chroma").exists()
    index.close()
    folder.close()
    encoder = CountingEncoder()
    index = opened(tmp_path, documents(**{"fourth.md": "A new rule."}), encoder, url=server.url)
    assert len(encoder.texts) == 1
    index.close()
    again = opened(tmp_path, documents(**{"fourth.md": "A new rule."}), encoder, url=server.url)
    assert (again.name, len(encoder.texts)) == (index.name, 1)
    assert best(again, "new rule") == "fourth.md"
    again.close()


def test_an_index_moves_to_a_server_and_back_without_embedding(tmp_path: Path, server: Server) -> None:
    opened(tmp_path).close()
    for url in (server.url, ""):
        encoder = CountingEncoder()
        assert plan_index(documents(), tmp_path, encoder, FakeSparseEncoder(), url=url).texts == 0
        lines: list[str] = []
        index = opened(tmp_path, encoder=encoder, progress=lines.append, url=url)
        assert encoder.texts == []
        assert "vectors are kept elsewhere now" in lines[0]
        assert best(index, "review board risk") == "third.md"
        index.close()


def test_a_server_that_is_gone_for_good_is_left_by_embedding_again(tmp_path: Path) -> None:
    server = Server(tmp_path / "chroma")
    server.start()
    try:
        opened(tmp_path, url=server.url).close()
    finally:
        server.stop()
    lines: list[str] = []
    index = opened(tmp_path, progress=lines.append)
    assert any("does not answer, so everything is embedded again" in line for line in lines)
    assert best(index, "review board risk") == "third.md"
    index.close()


def test_a_login_reaches_the_server_and_no_file(tmp_path: Path, server: Server) -> None:
    """As a proxy before the server asks for it, on every request."""
    seen: list[str] = []

    class Asking(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {"Content-Type": self.headers.get("Content-Type", "application/json")}
            answer = httpx.request(self.command, f"{server.url}{self.path}", content=body, headers=headers)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_DELETE = do_PUT = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Asking) as proxy:
        threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}).start()
        url = f"http://ann:pass%40word@127.0.0.1:{proxy.server_port}"
        index = opened(tmp_path, url=url)
        assert best(index, "review board risk") == "third.md"
        index.close()
        proxy.shutdown()
    assert set(seen) == {"Basic YW5uOnBhc3NAd29yZA=="}
    held = json.loads((serving(tmp_path) / "manifest.json").read_text())["server"]
    assert held["url"] == url.replace("ann:pass%40word@", "")
    written = [path for path in tmp_path.rglob("*") if path.is_file() and b"pass%40word" in path.read_bytes()]
    assert written == []


def test_collections_that_no_version_names_go_and_those_of_others_stay(tmp_path: Path, server: Server) -> None:
    other = opened(tmp_path / "other", url=server.url)
    for number in range(5):
        opened(tmp_path, documents(**{"fourth.md": f"Rule {number}."}), url=server.url).close()
        if number == 2:
            # As a build leaves it that was killed before its version was whole.
            name = json.loads((serving(tmp_path) / "manifest.json").read_text())["server"]["collection"]
            write_server(server.url, f"{name.rpartition('-')[0]}-killed", [FakeEncoder().encode(["half"])])
    kept = {
        json.loads(path.read_text())["server"]["collection"]
        for path in tmp_path.glob("**/indexes/default/*/manifest.json")
    }
    assert server.collections() == kept
    assert len(kept) == 4
    assert best(other, "review board risk") == "third.md"
    other.close()


def test_several_processes_read_what_one_wrote(tmp_path: Path, server: Server) -> None:
    code = """if True:
        import sys
        from pathlib import Path
        sys.path[:0] = [sys.argv[1]]
        from test_index_opening import *
        index = opened(Path(sys.argv[2]), documents(**{"fourth.md": "A new rule."}), url=sys.argv[3])
        print(index.name, best(index, "new rule"))
        index.close()
    """
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path), server.url]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = {process.communicate(timeout=120)[0] for process in processes}
    assert len(said) == 1
    assert said.pop().split()[1] == "fourth.md"
    assert len(server.collections()) == 1


def test_a_collection_that_is_gone_or_altered_is_built_anew(tmp_path: Path, server: Server) -> None:
    first = opened(tmp_path, url=server.url)
    first.close()
    drop_collections(server.url, "", ())
    lines: list[str] = []
    index = opened(tmp_path, progress=lines.append, url=server.url)
    assert "damaged or outdated" in lines[0]
    index.close()
    (name,) = server.collections()
    drop_collections(server.url, "", ())
    write_server(server.url, name, [FakeEncoder().encode(["other", "texts", "altogether"])])
    index = opened(tmp_path, url=server.url)
    assert best(index, "review board risk") == "third.md"
    index.close()


def test_going_back_to_an_earlier_version(tmp_path: Path, server: Server) -> None:
    first = opened(tmp_path, url=server.url)
    first.close()
    opened(tmp_path, documents(**{"third.md": ""}), url=server.url).close()
    assert history.roll_back(tmp_path / "indexes" / "default").name == first.name
    held = opened(tmp_path, documents(**{"third.md": ""}), url=server.url)
    assert best(held, "review board risk") == "third.md"
    held.close()


def test_a_server_that_does_not_answer_is_one_line_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Server(tmp_path / "chroma")
    guidance = tmp_path / "guidance"
    guidance.mkdir()
    (guidance / "pilots.md").write_text("# Pilots\n\nEvery pilot ends after ninety days.\n")
    values = {"home": tmp_path / "home", "embedding": "fake", "sparse": "fake", "index_url": server.url}
    for name, value in values.items():
        monkeypatch.setenv(f"STRATEGY_ASSISTANT_{name.upper()}", str(value))
    search = ["search", "pilot", "--documents", str(guidance)]
    assert main(search) == 2
    assert f"the Chroma server at {server.url} does not answer" in capsys.readouterr().err.splitlines()[-1]
    server.start()
    try:
        assert main(search) == 0
        index = open_index(documents(), tmp_path, FakeEncoder(), FakeSparseEncoder(), url=server.url)
        server.stop()
        with pytest.raises(UserError, match="does not answer"):
            index.search("review")
        assert main(search) == 2
        capsys.readouterr()
        server.start()
        assert best(index, "review board risk") == "third.md"
        assert main(search) == 0
        assert "Embedding" not in capsys.readouterr().err
        index.close()
    finally:
        server.stop()
