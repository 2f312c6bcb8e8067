"""E-mail messages as programs put them together: text in several parts, files shown in the text, pictures of a page."""

import io
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from corpus import Loaded, load_all


def pdf(text: str) -> bytes:
    file = io.BytesIO()
    page = Canvas(file)
    page.drawString(72, 700, text)
    page.save()
    return file.getvalue()


def inline(part: MIMEApplication | MIMEText | MIMEImage, **name: str) -> MIMEApplication | MIMEText | MIMEImage:
    part.add_header("Content-Disposition", "inline", **name)
    return part


def loaded(folder: Path, mail: MIMEMultipart) -> Loaded:
    mail["From"], mail["Subject"] = "Strategy Office <office@example.org>", "Budget"
    (folder / "mail.eml").write_bytes(mail.as_bytes())
    return load_all([folder])


def told(found: Loaded) -> tuple[dict[str, str], dict[str, str]]:
    return (
        {document.name: document.text for document in found.documents},
        {Path(refused.path).name: refused.reason for refused in found.refused},
    )


def test_text_around_a_file_shown_in_it_is_read_in_order_and_so_is_the_file(tmp_path: Path) -> None:
    mail = MIMEMultipart("mixed")
    mail.attach(MIMEText("The board decides on Monday.\n-- \nAnn"))
    mail.attach(inline(MIMEApplication(pdf("The annex sets the limits."), "pdf"), filename="annex.pdf"))
    mail.attach(MIMEText("<p>Every limit holds for one year.</p>", "html"))
    mail.attach(inline(MIMEText("Notes of the meeting."), filename="notes.txt"))
    mail.attach(MIMEText("Questions go to the office."))
    texts, refused = told(loaded(tmp_path, mail))
    assert texts == {
        "mail.eml": "The board decides on Monday.\n\nEvery limit holds for one year.\n\nQuestions go to the office.",
        "mail.eml/annex.pdf": "The annex sets the limits.",
        "mail.eml/notes.txt": "Notes of the meeting.",
    }
    assert refused == {}


def test_of_what_is_said_twice_the_better_is_read_and_what_follows_both(tmp_path: Path) -> None:
    styled = MIMEMultipart("mixed")
    styled.attach(MIMEText("<h2>Limits</h2><p>They hold for one year.</p>", "html"))
    styled.attach(inline(MIMEApplication(pdf("The annex sets the limits."), "pdf"), filename="annex.pdf"))
    styled.attach(MIMEText("<p>Ann</p>", "html"))
    both = MIMEMultipart("alternative")
    both.attach(MIMEText("Limits: they hold for one year. Ann"))
    both.attach(styled)
    mail = MIMEMultipart("mixed")
    mail.attach(both)
    mail.attach(MIMEText("This list is kept by the office."))
    texts, _ = told(loaded(tmp_path, mail))
    assert texts == {
        "mail.eml": "Limits\n\nThey hold for one year.\n\nAnn\n\nThis list is kept by the office.",
        "mail.eml/annex.pdf": "The annex sets the limits.",
    }


def test_a_picture_that_the_page_shows_is_part_of_it_and_any_other_is_said(tmp_path: Path) -> None:
    mail = MIMEMultipart("related")
    mail.attach(MIMEText('<p>Read the plan.</p><img src="cid:logo@example.org">', "html"))
    for name, identity in (("logo.png", "<logo@example.org>"), ("plan.png", "<plan@example.org>")):
        picture = inline(MIMEImage(b"\x89PNG", "png"), filename=name)
        picture["Content-ID"] = identity
        mail.attach(picture)
    texts, refused = told(loaded(tmp_path, mail))
    assert list(texts) == ["mail.eml"]
    assert refused == {"plan.png": "is of no known format (.png); save it as .pdf"}


def test_a_file_without_a_name_is_named_by_its_kind(tmp_path: Path) -> None:
    mail = MIMEMultipart("mixed")
    mail.attach(MIMEText("See the annex."))
    mail.attach(MIMEApplication(pdf("The annex sets the limits."), "pdf"))
    texts, _ = told(loaded(tmp_path, mail))
    assert texts["mail.eml/part 1.pdf"] == "The annex sets the limits."


def test_latin_1_is_what_browsers_take_it_for(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"] = "office@example.org"
    mail.set_content("It costs €500 – or “more”.", charset="windows-1252")
    raw = mail.as_bytes().replace(b"windows-1252", b"iso-8859-1")
    (tmp_path / "mail.eml").write_bytes(raw)
    assert load_all([tmp_path]).documents[0].text == "It costs €500 – or “more”."
