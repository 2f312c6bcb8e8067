"""Another product's chat, by a small server of our own."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from test_evaluate_run import arguments

from assistant import cli
from assistant.evaluate.asking import UnreachableError
from assistant.evaluate.cases import load_cases
from assistant.evaluate.endpoint import Checked, Endpoint, answer_from, passages_in, without_sources
from assistant.evaluate.measures.evidence import quotes
from assistant.evaluate.run import ask_and_measure
from assistant.records import Answer, Citation, RetrievedPassage, Sentence, Turn
from assistant.support import SupportCheck
from corpus.errors import UserError
from index import FakeEncoder


class Chat(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str, dict[str, Any]]]] = []
    reply: ClassVar[tuple[int, bytes]] = (200, b"")
    before: ClassVar[list[tuple[int, bytes]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, self.headers.get("Authorization", ""), body))
        status, content = self.before.pop(0) if self.before else self.reply
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if status == 429:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *parts: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Chat)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Chat.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_asks_with_the_conversation_and_reads_passages(url: str) -> None:
    values = {
        "usage": {"prompt_tokens": 120, "completion_tokens": 9, "total_tokens": 129},
        "choices": [{"message": {"content": "The board pays [2]. Teams lead."}}],
        "passages": ["First.", {"text": "The board pays for it.", "title": "Guide"}],
    }
    Chat.reply = (200, json.dumps(values).encode())
    endpoint = Endpoint(url, "other-model", "secret")
    answer = endpoint.ask("Who pays?", (Turn("user", "Hello"), Turn("assistant", "Hi")))
    endpoint.close()
    ((path, key, body),) = Chat.asked
    assert (endpoint.usage.total.read, endpoint.usage.total.written) == (120, 9)
    assert (path, key) == ("/v1/chat/completions", "Bearer secret")
    assert [message["content"] for message in body["messages"]] == ["Hello", "Hi", "Who pays?"]
    assert (body["model"], body["temperature"]) == ("other-model", 0)
    assert (answer.status, len(answer.sentences)) == ("answered", 2)
    assert quotes(answer.to_json()) == ["The board pays for it."]
    assert answer.timings_ms.total > 0
    assert answer.answerable is None


REFUSED = """
I don't know.
I don’t know.
I'm sorry, but I cannot find this in the documents.
The guidance does not mention costs.
This is not covered by the guidance.
There is no information on salaries.
I don't have enough information to answer that.
The guidance says nothing about this.
There is nothing in the guidance about this.
That isn't covered in the documents.
The provided context lacks this information.
Unfortunately, the context lacks this information.
The documents provided do not contain any information about salaries.
I couldn't find any relevant passages.
I'm unable to answer that.
I am not able to help with that.
Sorry, I can't help with that.
Based on the provided documents, I cannot determine the budget.
No relevant information was found.
No information about this is available.
There isn't enough information to answer this question.
This question is outside the scope of the guidance.
It is not mentioned.
Unfortunately, this is not specified in the provided text.
The answer is not found in the context.
The passages are silent on this.
I have no information about that.
We do not have information on this.
The guidance has no information about costs.
Cannot answer.
Sorry, cannot answer that.
The sources I have do not say.
My sources don't mention it.
I was not able to find this.
I haven't found anything on this.
The guidance doesn't specify a date.
None of the documents mention salaries.
Neither document mentions this.
I do not see this in the guidance.
""".strip().splitlines()
ANSWERED = """
A bottom-up approach does not provide a shared platform, so tools do not fit together [1].
A bottom-up approach does not provide a shared platform, so tools differ.
A plan from the top does not include the teams' own ideas.
Leaders cannot say in advance which ideas will work.
In many firms, departments do not know of each other's AI systems.
Executives do not always understand operations.
A single team often lacks the budget.
The guidance does not mention costs beyond the pilot [2].
There is nothing wrong with small pilots.
Teams are not included in the decision.
Under a bottom-up approach there is no information flow between teams.
Departments have no information about each other.
Teams often do not have enough data to begin.
It does not cover the whole company.
Projects outside the scope of the central team are led by departments.
The board cannot find the money.
No single approach fits all.
You cannot know in advance.
Ideas that are not mentioned to leaders are lost.
If we do not know the risks, we start small.
Leaders do not provide guidance to teams.
Do not provide access to everyone.
""".strip().splitlines()


@pytest.mark.parametrize("text", ["", *REFUSED, "I looked everywhere. But I don't know."])
def test_refusals_of_others_are_recognised(text: str) -> None:
    assert answer_from("Q?", text, (), 1.0, "m").status == "refused"


@pytest.mark.parametrize("text", [*ANSWERED, "One. Two. I don't know."])
def test_what_is_said_of_others_is_no_refusal(text: str) -> None:
    assert answer_from("Q?", text, (), 1.0, "m").status == "answered"


def test_passages_are_found_where_products_put_them() -> None:
    entry = {"content": "Text.", "title": "T"}
    assert passages_in({}, {"context": {"citations": [entry]}})[0].text == "Text."
    assert passages_in({"sources": [entry]}, {})[0].title == "T"
    assert passages_in({"sources": []}, {"content": "x"}) == ()
    assert passages_in({"sources": [5, "x"]}, {})[0].text == "x"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, b"{}", "status 500$"),
        (400, b'{"error": {"message": "The context\\nis too long."}}', "status 400: The context is too long.$"),
        (401, b'{"detail": [1]}', "status 401$"),
        (200, b'{"choices": [{"message": {"content": 5}}]}', "OpenAI-compatible"),
        (200, b"no json", "OpenAI-compatible"),
        (200, b'{"choices": []}', "OpenAI-compatible"),
    ],
)
def test_faults_are_one_line(url: str, status: int, body: bytes, said: str) -> None:
    Chat.reply = (status, body)
    endpoint = Endpoint(url)
    with pytest.raises(UserError, match=said):
        endpoint.ask("Q?")
    endpoint.close()


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UserError, match="--endpoint"):
        Endpoint("localhost")


def replied(text: str, *passages: str) -> bytes:
    return json.dumps({"choices": [{"message": {"content": text}}], "passages": list(passages)}).encode()


def test_sentences_of_others_are_checked_against_the_passages_they_come_with(url: str) -> None:
    check = SupportCheck(FakeEncoder().encode)
    paid, led = "The board pays for the central team.", "Teams lead the implementation of every project."
    Chat.reply = (200, replied(f"{paid} {led} The board pays 500 million euros for the moon.", paid, led))
    asked = Checked(Endpoint(url), check)
    answer = asked.ask("Who pays?")
    assert [sentence.support for sentence in answer.sentences] == ["supported", "supported", "unsupported"]
    Chat.reply = (200, replied(f"The board pays for the central team [2]. {led}", paid, led))
    wrong, right = asked.ask("Who pays?").sentences
    assert wrong.support != "supported"
    assert right.support == "supported"
    Chat.reply = (200, replied(paid))
    bare = asked.ask("Who pays?")
    assert bare.passages == ()
    assert [sentence.score for sentence in bare.sentences] == [0]


def test_only_answers_with_passages_count_as_checked(url: str, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "a", "question": "Who pays?", "answerable": true}\n', encoding="utf-8")
    paid = "The board pays for the central team."
    for name, passages, value in (("with", [paid], 1), ("without", [], None)):
        Chat.reply = (200, replied(f"{paid} It pays 900 euros.", *passages))
        asked = Checked(Endpoint(url), SupportCheck(FakeEncoder().encode))
        chosen = arguments(tmp_path / name)
        result = ask_and_measure(chosen, load_cases(cases), cases, asked, {"endpoint": url}, [], checked=False)
        assert (result.metrics.get("sentences_supported") is None) == (value is None)
    unchecked = ask_and_measure(
        arguments(tmp_path / "plain"), load_cases(cases), cases, Endpoint(url), {"endpoint": url}, [], checked=False
    )
    assert "sentences_supported" not in unchecked.metrics


def test_too_many_requests_and_faults_of_the_server_are_asked_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("assistant.evaluate.endpoint.time.sleep", waited.append)
    Chat.reply = (200, replied("The board pays."))
    Chat.before[:] = [(429, b""), (503, b"")]
    endpoint = Endpoint(url, retries=2)
    assert endpoint.ask("Q?").text == "The board pays."
    assert waited == [0, 1]
    Chat.before[:] = [(429, b"")] * 3
    with pytest.raises(UnreachableError, match="status 429"):
        endpoint.ask("Q?")
    Chat.before[:] = [(400, b"")]
    with pytest.raises(UserError, match="status 400") as caught:
        endpoint.ask("Q?")
    assert not isinstance(caught.value, UnreachableError)
    endpoint.close()


def test_parts_are_joined_and_an_empty_place_keeps_the_numbers(url: str) -> None:
    parts = [{"type": "text", "text": "The board pays [2]. "}, {"type": "text", "text": "Teams lead [3]."}]
    values = {"choices": [{"message": {"content": parts}}], "passages": [None, "Second.", "Third."]}
    Chat.reply = (200, json.dumps(values).encode())
    endpoint = Endpoint(url)
    answer = endpoint.ask("Who?")
    endpoint.close()
    assert [[c.quote for c in s.citations] for s in answer.sentences] == [["Second."], ["Third."]]


def test_what_was_not_checked_or_came_without_passages_costs_no_grade(url: str, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    line = {"id": "a", "question": "Who pays?", "answerable": True, "evidence": [["The board pays."]]}
    cases.write_text(json.dumps(line) + "\n", encoding="utf-8")
    for name, passages in (("bare", []), ("shown", ["The board pays."])):
        Chat.reply = (200, replied("The board pays [1].", *passages))
        result = ask_and_measure(
            arguments(tmp_path / name), load_cases(cases), cases, Endpoint(url), {"endpoint": url}, [], checked=False
        )
        assert result.metrics.get("evidence_found") == (1 if passages else None)
        page = (tmp_path / name / "report.html").read_text(encoding="utf-8")
        assert "not proved" not in page
        assert '<span class="verdict unchecked">not checked</span>' in page
        assert 'data-grade="good"' in page


def test_only_the_key_and_the_model_that_are_meant_for_it_are_sent(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cases, settings = tmp_path / "cases.jsonl", tmp_path / "settings.toml"
    cases.write_text('{"id": "a", "question": "Who pays?"}\n', encoding="utf-8")
    settings.write_text('model = "openai:mine"\nmodel_key = "sk-mine"\n', encoding="utf-8")
    Chat.reply = (200, replied("The board pays."))
    asked = ["evaluate", str(cases), "--endpoint", url, "--home", str(tmp_path)]
    assert cli.main([*asked, "--out", str(tmp_path / "one")]) == 0
    monkeypatch.setenv("STRATEGY_ASSISTANT_ENDPOINT_KEY", "theirs")
    assert cli.main([*asked, "--out", str(tmp_path / "two"), "--model", "their-model"]) == 0
    assert [(key, body.get("model")) for _, key, body in Chat.asked] == [("", None), ("Bearer theirs", "their-model")]
    written = "".join(p.read_text("utf-8", "replace") for p in tmp_path.glob("*/*") if p.is_file())
    assert "sk-mine" not in written
    assert "theirs" not in written
    capsys.readouterr()
    monkeypatch.setenv("STRATEGY_ASSISTANT_MODEL_RETRIES", "0")
    gone = ["evaluate", str(cases), "--endpoint", "http://127.0.0.1:9/v1", "--home", str(tmp_path)]
    assert cli.main([*gone, "--out", str(tmp_path / "three")]) == 2
    assert "every case failed, the last with: http://127.0.0.1:9/v1/chat/completions cannot" in capsys.readouterr().err
    assert "cannot be reached" in (tmp_path / "three" / "junit.xml").read_text(encoding="utf-8")


def test_a_served_assistant_of_ours_is_read_whole(url: str, tmp_path: Path) -> None:
    text = "The board pays for it."
    passages = tuple(RetrievedPassage(f"p{n}", "guide.md", "Guide", "Money", None, text * n, 1.0) for n in (3, 2, 1))
    citation = Citation("p1", "guide.md", "Guide", "Money", None, text, 0, len(text))
    served = Answer(
        "Who pays?",
        "Who pays?",
        "answered",
        (Sentence(text, "supported", 0.9, (citation,)),),
        passages=passages,
        model="quotes",
        index="20260101",
    ).to_json()
    said = f"{text} [1]\n\n**Sources**\n\n- [1] Guide: “{text}”"
    values = {"choices": [{"message": {"content": said}}], "strategy_assistant": served, "citations": []}
    Chat.reply = (200, json.dumps(values).encode())
    with closing(Endpoint(url)) as endpoint:
        checked = Checked(endpoint, SupportCheck(FakeEncoder().encode))
        for asked in (endpoint, checked):
            answer = asked.ask("Who pays?")
            assert [(s.text, s.support, s.score) for s in answer.sentences] == [(text, "supported", 0.9)]
            assert (answer.passages, quotes(answer.to_json())) == (passages, [text])
            assert answer.timings_ms.total > 0
        path = tmp_path / "cases.jsonl"
        path.write_text('{"question": "Who pays?", "evidence": [["The board pays"]]}\n', encoding="utf-8")
        flags = arguments(tmp_path / "out")
        result = ask_and_measure(flags, load_cases(path), path, endpoint, {}, [], checked=False)
        assert (result.metrics["sentences_supported"], result.metrics["evidence_cited"]) == (1, 1)
        values["strategy_assistant"] = {"version": 2}
        Chat.reply = (200, json.dumps(values).encode())
        assert [sentence.text for sentence in endpoint.ask("Who pays?").sentences] == [f"{text} [1]"]


def test_a_list_of_sources_is_no_part_of_an_answer() -> None:
    listed = "\n\n## References:\n\n[1] Guide, page 3\n2. Handbook\n- Rules\n"
    assert without_sources(f"It pays [1].{listed}").strip() == "It pays [1]."
    for text in ("It pays:\n\n- this\n- that", "Sources\n\nIt has many.", "Sources:", "", "- one\n- two"):
        assert without_sources(text) == text
