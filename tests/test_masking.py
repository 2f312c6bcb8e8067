from dataclasses import replace

import pytest
from misbehaving_server import model_server
from scripted_window import SENTENCES, answer_to, cite

from assistant.masking import masked, masked_answer
from assistant.models.factory import open_model
from assistant.models.language_model import Message, complete_text
from assistant.records import Sentence
from assistant.settings import Settings

# Numbers that banks and card makers publish as examples.
RECOGNISED = [
    ("ann@example.org", "[e-mail address]"),
    ("Mail Ann.O'Neil+ai@mail.dept.example.co.uk, please", "Mail [e-mail address], please"),
    ("(jörg@exämple.de)", "([e-mail address])"),
    ("DE89 3704 0044 0532 0130 00", "[IBAN]"),
    ("IBAN: GB29NWBK60161331926819.", "IBAN: [IBAN]."),
    ("fr1420041010050500013m02606 is ours", "[IBAN] is ours"),
    ("4111 1111 1111 1111", "[card number]"),
    ("card 5500-0000-0000-0004!", "card [card number]!"),
    ("378282246310005", "[card number]"),
    ("+49 30 1234567", "[phone number]"),
    ("call +44 (0)20 7946 0958 now", "call [phone number] now"),
    ("0049 30 123 45 67", "[phone number]"),
    ("(030) 123-4567", "[phone number]"),
    ("06 12 34 56 78 after nine", "[phone number] after nine"),
    ("030/1234567", "[phone number]"),
    ("(555) 123-4567 or 555-123-4567", "[phone number] or [phone number]"),
    ("a@example.org and b@example.org", "[e-mail address] and [e-mail address]"),
]
LEFT = [
    "Should we spend 1,250,000 euros in 2025-2027 on AI?",
    "Teams of 5 to 10 people, 3.14 % of 20 000 staff",
    "ISO 42001:2023 and RFC 7519, section 4.1.1",
    "On 2026-11-24 at 10:15, or on 24.11.2026",
    "room 0815, version 0.12.3, part 12-34-56",
    "4111 1111 1111 1112",
    "1111 1111 1111 1111",
    "GB29 NWBK 6016 1331 9268 18",
    "AT 12 months of pilot projects are enough for this",
    "@ann said user@localhost",
    "Top-down, bottom-up and hybrid approaches",
    "",
]


@pytest.mark.parametrize(("text", "expected"), RECOGNISED)
def test_what_can_be_recognised_is_masked(text, expected):
    assert masked(text) == expected


@pytest.mark.parametrize("text", LEFT)
def test_what_is_no_personal_data_is_left(text):
    assert masked(text) == text


@pytest.mark.parametrize("text", ["1 " * 30_000, "a@" * 30_000, "0-" * 30_000, "DE89" + "A" * 60_000, "a.b" * 20_000])
def test_hostile_text_is_masked_in_an_instant_and_not_in_hours(text):
    assert masked(text) == text


def test_of_an_answer_everything_but_the_documents_words_is_masked():
    spoken = "It says ann@example.org may decide."
    answer = replace(
        answer_to("advise us"),
        question="I am ben@example.org",
        standalone_question="I am ben@example.org",
        sentences=(Sentence(spoken, "supported", 1.0), SENTENCES[0]),
        notice="ben@example.org",
    )
    advice = replace(answer.advice, factors=(replace(answer.advice.factors[0], given="ben@example.org decides"),))
    kept = masked_answer(replace(answer, advice=advice))
    assert "@" not in repr(replace(kept, passages=()))
    assert kept.sentences[1] == SENTENCES[0]
    assert kept.passages == answer.passages


def test_an_address_that_the_guidance_itself_gives_stays_where_it_is_cited():
    quoted = replace(cite("A central team decides first"), quote="Ask office@example.org first")
    sentence = Sentence("Ask office@example.org first, says ben@example.org.", "supported", 1.0, (quoted,))
    kept = masked_answer(replace(answer_to("Q?"), sentences=(sentence,)))
    assert kept.sentences[0].text == "Ask office@example.org first, says [e-mail address]."
    assert kept.sentences[0].citations == (quoted,)


@pytest.mark.parametrize("masking", [False, True])
def test_a_hosted_model_is_sent_nothing_of_it_where_that_is_wanted(masking, tmp_path):
    with model_server() as server:
        settings = Settings(home=tmp_path, model="any", model_url=server.address, mask_personal_data=masking)
        model = open_model(settings)
        messages = (Message("system", "Of +49 30 1234567"), Message("user", "I am ann@example.org"))
        assert complete_text(model, messages, max_tokens=9) == "Start small."
        model.close()
    sent = [message["content"] for message in server.requests[0]["messages"]]
    assert sent == (["Of [phone number]", "I am [e-mail address]"] if masking else [m.text for m in messages])
    assert model.usage.total.reports == 0
    assert model.name == "openai:any"
