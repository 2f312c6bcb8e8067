import re
from pathlib import Path

import pytest

from assistant import settings as module
from assistant.settings import Settings, read
from assistant.store import Store
from corpus.errors import UserError

DOCS = Path(__file__).parent.parent / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(module.PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.setattr(module, "default_home", lambda: tmp_path / "default-home")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def line_of(*arguments: object, **keywords: object) -> str:
    with pytest.raises(UserError) as caught:
        read(*arguments, **keywords)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_flags_come_before_environment_before_file_before_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "settings.toml", 'model = "from-file"\nport = 1\nhost = "file"\n')
    monkeypatch.setenv("STRATEGY_ASSISTANT_MODEL", "from-environment")
    monkeypatch.setenv("STRATEGY_ASSISTANT_PORT", "2")
    settings = read({"home": tmp_path, "model": "from-flag", "port": None})
    assert (settings.model, settings.port, settings.host) == ("from-flag", 2, "file")
    assert settings.passages == Settings.model_fields["passages"].default


def test_the_file_is_found_in_the_data_folder_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "settings.toml", "port = 1234\n")
    monkeypatch.setenv("STRATEGY_ASSISTANT_HOME", str(tmp_path))
    assert read().port == 1234


def test_a_file_can_be_named_by_flag_or_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = write(tmp_path / "other" / "mine.toml", "port = 7\n")
    assert read({"home": tmp_path}, named).port == 7
    monkeypatch.setenv("STRATEGY_ASSISTANT_SETTINGS", str(named))
    assert read({"home": tmp_path}).port == 7


def test_paths_in_the_file_count_from_its_folder(tmp_path: Path) -> None:
    named = write(tmp_path / "etc" / "settings.toml", 'documents = ["policies", "/srv/more"]\nhome = "../data"\n')
    settings = read(None, named)
    assert settings.documents == (tmp_path / "etc" / "policies", Path("/srv/more"))
    assert settings.home.resolve() == tmp_path / "data"


def test_one_document_in_the_file_needs_no_list(tmp_path: Path) -> None:
    named = write(tmp_path / "etc" / "settings.toml", 'documents = "policies: ours"\n')
    assert read(None, named).documents == (tmp_path / "etc" / "policies: ours",)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('model = "m.gguf"', "{}/m.gguf"),
        ('model = "missing.gguf"', "missing.gguf"),
        ('model = "m.gguf"\nmodel_url = "http://h/v1"', "m.gguf"),
        ('model = "openai:meta/llama"', "openai:meta/llama"),
        ('embedding = "models/mine"', "{}/models/mine"),
        ('embedding = "mine"', "{}/mine"),
        ('embedding = "all-minilm-l6-v2"', "all-minilm-l6-v2"),
        ('embedding = "sentence-transformers/all-MiniLM-L6-v2"', "sentence-transformers/all-MiniLM-L6-v2"),
        ('sparse = ""', ""),
        ('reranker = "../cross"', "{}/../cross"),
        ('reranker = "/srv/cross"', "/srv/cross"),
        ('reranker = "other"', "other"),
    ],
)
def test_a_models_path_in_the_file_counts_from_its_folder_and_a_name_is_left_alone(
    tmp_path: Path, line: str, expected: str
) -> None:
    for folder in ("mine", "all-minilm-l6-v2"):
        (tmp_path / folder).mkdir()
    (tmp_path / "m.gguf").touch()
    settings = read(None, write(tmp_path / "settings.toml", line))
    assert getattr(settings, line.partition(" ")[0]) == expected.format(tmp_path)


def test_conversations_are_in_the_data_folder_whatever_it_is_called(tmp_path: Path) -> None:
    home = tmp_path / "a?b=c #d"
    Store(Settings(home=home).database_url).close()
    assert (home / "conversations.sqlite").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [home.name]


def test_documents_of_the_environment_are_listed_like_a_search_path(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("STRATEGY_ASSISTANT_DOCUMENTS", f"/a b{os.pathsep}/c")
    assert read().documents == (Path("/a b"), Path("/c"))


def test_an_unknown_key_is_named_with_the_likely_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = write(tmp_path / "settings.toml", "modle = 'x'\n")
    assert "modle" in line_of({"home": tmp_path})
    assert "did you mean model?" in line_of(None, named)
    named.unlink()
    monkeypatch.setenv("STRATEGY_ASSISTANT_PROT", "1")
    line = line_of()
    assert "STRATEGY_ASSISTANT_PROT" in line
    assert "STRATEGY_ASSISTANT_PORT" in line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = 'many'", "port in"),
        ("port = 70000", "port in"),
        ("model = ''", "model in"),
        ("documents = 3", "documents in"),
        ('documents = [""]', "does not fit: an empty name is no file or folder"),
        ("documents = [1]", "a path must be text in quotes"),
        ('people_file = ""', "people_file in"),
        ("#" * 1_000_001, "larger than 1 MB"),
        ("log_level = 'loud'", "log_level in"),
        ("public_url = 'intranet'", "does not fit: it is no address that begins with http:// or https://"),
        ("model_url = 'http://h:abc'", "does not fit: it is no address such as"),
        ("index_url = 'http://['", "does not fit: it is no address such as"),
        ("proxy_user_header = 'X Y'", "the name of a header has letters, digits and -"),
        ("log_format = 'XML'", "input should be 'text' or 'json'"),
        ("port = ", "not valid TOML"),
        ("[nested]\nport = 1", "nested"),
    ],
)
def test_a_bad_file_is_one_line_that_names_key_and_file(tmp_path: Path, text: str, words: str) -> None:
    named = write(tmp_path / "settings.toml", text)
    line = line_of(None, named)
    assert words in line
    assert str(named) in line


def test_a_bad_variable_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATEGY_ASSISTANT_PORT", "http")
    assert "STRATEGY_ASSISTANT_PORT" in line_of()


def test_a_named_file_that_is_missing_or_binary_is_an_error(tmp_path: Path) -> None:
    assert "no settings file" in line_of(None, tmp_path / "absent.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in line_of(None, tmp_path / "bad.toml")
    assert "cannot be read" in line_of(None, tmp_path)


def test_keys_are_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATEGY_ASSISTANT_MODEL_KEY", "sk-secret")
    settings = read()
    assert "sk-secret" not in repr(settings) + str(settings) + str(settings.model_dump()) + settings.model_dump_json()
    assert settings.key == "sk-secret"


def test_a_key_can_be_kept_in_a_file(tmp_path: Path) -> None:
    write(tmp_path / "key", "sk-secret\n")
    named = write(tmp_path / "settings.toml", 'model_key_file = "key"\n')
    assert read(None, named).key == "sk-secret"
    (tmp_path / "key").unlink()
    with pytest.raises(UserError, match="key file"):
        _ = read(None, named).key


def test_a_wrong_secret_is_not_repeated(tmp_path: Path) -> None:
    named = write(tmp_path / "settings.toml", 'model_key = ["sk-secret"]\n')
    assert "sk-secret" not in line_of(None, named)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read().port = 1  # type: ignore[misc]


def test_every_setting_stands_in_the_documentation_with_its_default() -> None:
    text = DOCS.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", text, re.MULTILINE))
    assert set(rows) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=False)
        shown = rows[name].strip()
        if field.default_factory is not None or default in (None, "", ()):
            assert "`" not in shown, name
        else:
            written = str(default).lower() if isinstance(default, bool) else f"{default}".removesuffix(".0")
            assert shown == f"`{written}`", name
        assert field.description, name
