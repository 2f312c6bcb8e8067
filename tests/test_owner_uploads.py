import io
import os
import random

import pytest

from assistant.owner import uploads
from assistant.owner.uploads import own_file, remove, safe_name, store
from corpus.errors import UserError
from corpus.loading import load_all


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("policy.md", "policy.md"),
        ("Our Policy (final).PDF", "Our Policy (final).pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ann\\policy.docx", "policy.docx"),
        ("/srv/../x/./a.md", "a.md"),
        (".hidden.md", "hidden.md"),
        ("~$lock.docx", "$lock.docx"),
        ("a\u202egnp.md", "agnp.md"),
        ("line\nbreak\0.md", "linebreak.md"),
        ("what?.md", "what.md"),
        ('<b>"x"|y*.md', "b--x--y.md"),
        ("con.txt", "_con.txt"),
        ("e\u0301cole.md", "\u00e9cole.md"),
        ("戦略.md", "戦略.md"),
        ("x" * 500 + ".md", "x" * 120 + ".md"),
    ],
)
def test_names_are_made_safe(given, name):
    assert safe_name(given) == name


@pytest.mark.parametrize(
    "given", ["", ".md", "..", "a.exe", "noending", "../", "a.md/", "  .md", "...md\0.sh", "\u202e.md"]
)
def test_a_name_that_cannot_be_made_safe_is_refused(given):
    with pytest.raises(UserError) as caught:
        safe_name(given)
    assert "\n" not in str(caught.value)


def test_any_name_stays_in_the_folder(tmp_path):
    chance = random.Random(3)
    signs = "ab./\\:~$ \0\n\u202e<>|?*\"'%é漢.."
    folder = tmp_path / "documents"
    kept = 0
    for _ in range(2_000):
        given = "".join(chance.choice(signs) for _ in range(chance.randrange(1, 12))) + ".md"
        try:
            store(folder, given, io.BytesIO(b"# Text\n\nwords"))
            kept += 1
        except UserError:
            continue
    assert kept > 100
    assert [path.name for path in tmp_path.iterdir()] == ["documents"]
    assert all(path.is_file() and not path.name.startswith(".") for path in folder.iterdir())


def test_a_file_of_the_same_name_is_replaced_whole(tmp_path):
    store(tmp_path, "a.md", io.BytesIO(b"one"))
    assert store(tmp_path, "sub/a.md", io.BytesIO(b"two")) == "a.md"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.md", b"two")]


def test_what_is_said_of_documents_is_replaced_only_by_what_is_understood(tmp_path):
    said = b'["a.md"]\ntitle = "One"\n'
    assert store(tmp_path, "C:\\notes\\Sources.TOML", io.BytesIO(said)) == "sources.toml"
    for wrong, told in (
        (b'["a.md"]\ncolour = "red"\n', "unknown key"),
        (b"nonsense", "cannot be read as TOML"),
        (b"a = " + 9_000 * b"[", "cannot be read as TOML"),
        (200_000 * b"a." + b"a = 1", "more than 50 dots"),
        (b"#" * 1_000_001, "larger than 1 MB"),
        (b"", "is empty"),
    ):
        with pytest.raises(UserError, match=told) as caught:
            store(tmp_path, "sources.toml", io.BytesIO(wrong))
        assert "\n" not in str(caught.value)
        assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("sources.toml", said)]
    with pytest.raises(UserError, match=r"known are .* and sources\.toml"):
        store(tmp_path, "other.toml", io.BytesIO(said))


class Breaking(io.BytesIO):
    def read(self, size=-1):
        if self.tell():
            raise OSError(28, "No space left on device")
        return super().read(3)


@pytest.mark.parametrize("content", [Breaking(b"half of it"), io.BytesIO(b"x" * 2_000), io.BytesIO(b"")])
def test_what_cannot_be_kept_whole_leaves_what_was_there(tmp_path, content, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000)
    (tmp_path / "a.md").write_bytes(b"before")
    with pytest.raises(UserError, match=r"“a\.md” (cannot be kept|is larger|is empty)"):
        store(tmp_path, "a.md", content)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.md", b"before")]


def test_only_files_of_the_folder_are_removed_and_they_are_kept(tmp_path):
    folder, kept, outside = tmp_path / "documents", tmp_path / "removed", tmp_path / "secret.md"
    folder.mkdir()
    outside.write_text("secret")
    (folder / "a.md").write_text("words")
    os.symlink(outside, folder / "link.md")
    for path in (
        outside,
        folder / "link.md",
        folder / ".." / "secret.md",
        folder,
        folder / "gone.md",
        "",
        "\0",
        "a" * 9_000,
    ):
        assert own_file(folder, str(path)) is None
        with pytest.raises(UserError, match="not there any more"):
            remove(folder, str(path), kept)
    place = remove(folder, str(folder / "a.md"), kept)
    assert place.read_text() == "words"
    assert place.parent == kept
    assert outside.read_text() == "secret"
    assert not (folder / "a.md").exists()


def test_an_upload_is_read_as_a_document(tmp_path):
    store(tmp_path, "Policy.md", io.BytesIO(b"# Policy\n\nAsk first."))
    assert [document.name for document in load_all([tmp_path]).documents] == ["Policy.md"]
