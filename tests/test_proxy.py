"""nginx as docs/running.md has it, in front of two processes that keep what is said in one database."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from socket import create_server
from urllib.parse import urlsplit

import httpx
import pytest
from chromium import chromium
from playwright.sync_api import expect
from postgres_server import postgres

ROOT = Path(__file__).parent.parent
GUIDANCE = "# Canteen\n\n## Opening hours\n\nThe canteen opens at noon. The canteen closes at three.\n"
QUESTION = "When does the canteen open?"
# Which process an address goes to depends on the ports, drawn anew each time: with few, all may go to one.
FROM = tuple(f"127.{n}.{7 * n}.{n + 1}" for n in range(1, 13))


def free_port():
    with create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def database():
    with postgres() as server:
        yield server.new_database()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory, database):
    """The address under nginx, and the logs of both processes."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx on this machine: apt-get install nginx")
    folder = tmp_path_factory.mktemp("proxied")
    public, running, ports, logs = free_port(), [], [], []
    (folder / "canteen.md").write_text(GUIDANCE)
    settings = folder / "settings.toml"
    settings.write_text(
        f'public_url = "http://127.0.0.1:{public}/assistant"\ndatabase = "{database}"\n'
        'trusted_proxies = ["127.0.0.1"]\nowners = ["ed"]\nmodel = "quotes"\nembedding = "fake"\nsparse = "fake"\n'
        'shipped_guidance = false\ndocuments = ["canteen.md"]\nanswerable_threshold = 0.0\nwatch_seconds = 0\n'
        'log_level = "info"\nlog_format = "json"\n'
    )
    try:
        for number in range(2):
            home = folder / f"home{number}"
            log = folder / f"{number}.log"
            command = ["-m", "assistant", "chat", "--port", "0", "--home", str(home), "--settings", str(settings)]
            with log.open("w") as out:
                running.append(subprocess.Popen([sys.executable, *command], stderr=out, cwd=ROOT))
            ports.append(
                int(waited_for(lambda log=log: re.search(r" is at http://127.0.0.1:(\d+)", log.read_text()))[1])
            )
            logs.append(log)
            address = f"http://127.0.0.1:{ports[-1]}/health/ready"
            waited_for(lambda address=address: httpx.get(address).status_code == 200)
        configured(folder, public, ports)
        running.append(subprocess.Popen([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]))
        waited_for(lambda: reachable(f"http://127.0.0.1:{public}/"))
        yield f"http://127.0.0.1:{public}/assistant", logs
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(60)


def configured(folder, public, ports):
    (block,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "running.md").read_text(), flags=re.DOTALL)
    block = re.sub(r" *ssl_certificate.*\n", "", block).replace("listen 443 ssl", f"listen 127.0.0.1:{public}")
    block = block.replace("127.0.0.1:7861", f"127.0.0.1:{ports[0]}").replace("127.0.0.1:7862", f"127.0.0.1:{ports[1]}")
    block = block.replace("/etc/nginx/people", str(folder / "people"))
    (folder / "people").write_text("ann:{PLAIN}key of ann\ned:{PLAIN}key of ed\n")
    (folder / "people").chmod(0o644)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = f"user {Path(folder).owner()};\n"
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{block}}}\n"
    )


def waited_for(condition):
    for _ in range(1200):
        try:
            found = condition()
        except httpx.TransportError:
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come to be")


def reachable(address):
    return httpx.get(address).status_code > 0


def as_ann(address="127.0.0.1", **options):
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(transport=transport, auth=("ann", "key of ann"), timeout=60, **options)


def test_only_whom_the_proxy_knows_gets_in_and_as_whom_it_says(proxy):
    base, _ = proxy
    assert httpx.get(f"{base}/api/me").status_code == 401
    with as_ann() as client:
        forged = {"X-Remote-User": "ed", "X-Forwarded-For": "10.1.1.1"}
        assert client.get(f"{base}/api/me", headers=forged).json() == {"name": "ann", "role": "ask"}
        assert client.get(f"{base}/owner/").status_code == 403
        assert client.get(f"{base}/owner").status_code == 403
    assert httpx.get(f"{base}/owner/", auth=("ed", "key of ed"), timeout=60).status_code == 200


def test_everything_is_under_the_path(proxy):
    base, _ = proxy
    with as_ann() as client:
        page = client.get(f"{base}/")
        assert page.status_code == 200
        assert f'"root":"{base}"' in page.text
        for path in re.findall(r'(?:src|href)="([^"#]+\.(?:js|css|svg))"', page.text):
            place = str(httpx.URL(f"{base}/").join(path))
            assert place.startswith(base), path
            assert client.get(place).status_code == 200, path
        assert client.get(base.removesuffix("/assistant") + "/api/me").status_code == 404
        assert client.get(f"{base}/api/docs").status_code == 200


def test_both_processes_answer_alike_and_as_it_comes(proxy):
    base, logs = proxy
    answers = []
    for address in FROM:
        with as_ann(address) as client:
            answers.append(client.post(f"{base}/api/ask", json={"question": QUESTION}).json()["sentences"])
            with client.stream("POST", f"{base}/api/ask/stream", json={"question": QUESTION}) as stream:
                names = [line for line in stream.iter_lines() if line.startswith("event: ")]
            assert names[-1] == "event: done"
    assert answers[0][0]["citations"][0]["quote"] == "The canteen opens at noon."
    assert all(answer == answers[0] for answer in answers)
    for log in logs:
        assert '"path": "/api/ask"' in log.read_text(), "each process has had its share"
        assert "canteen open" not in log.read_text(), "what is asked is not in the log"


@pytest.mark.browser
def test_the_window_works_there_and_what_is_said_is_known_to_both(proxy):
    base, logs = proxy
    with chromium() as browser:
        page = browser.new_page(http_credentials={"username": "ann", "password": "key of ann"})
        hosts = set()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(f"{base}/")
        page.wait_for_selector("body[data-ready]")
        page.fill("#question textarea", QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#transcript .turn:last-child")).to_have_attribute("data-state", "done")
        expect(page.locator("#transcript .turn:last-child")).to_contain_text("The canteen opens at noon.")
        assert hosts == {urlsplit(base).netloc}
    before = [log.read_text().count('"path": "/window/conversations"') for log in logs]
    listed = []
    for address in FROM:
        with as_ann(address, headers={"X-Browser": "b" * 32}) as client:
            listed.append([line["title"] for line in client.get(f"{base}/window/conversations").json()])
    assert listed == [[QUESTION]] * len(FROM)
    # A request is written down when it is over, which may be after its answer has arrived.
    until = time.monotonic() + 120
    while True:
        after = [log.read_text().count('"path": "/window/conversations"') for log in logs]
        asked = all(more > less for more, less in zip(after, before, strict=True))
        if asked or time.monotonic() > until:
            break
        time.sleep(0.1)
    assert asked, "both were asked"
