"""Where uploads go, and that what is there is answered from, but not beside documents that were named instead."""

from assistant.configured import load_documents
from assistant.settings import Settings


def names(settings):
    return {document.name for document in load_documents(settings).documents}


def test_the_first_folder_that_is_configured_takes_them(tmp_path):
    first, second, file = tmp_path / "first", tmp_path / "second", tmp_path / "file.md"
    first.mkdir()
    second.mkdir()
    file.write_text("words")
    settings = Settings(home=tmp_path, documents=(file, first, second))
    assert settings.upload_folder == first


def test_without_one_they_go_into_the_data_folder_which_is_read_once_there_is_something(tmp_path):
    settings = Settings(home=tmp_path)
    assert settings.upload_folder == tmp_path / "documents"
    shipped = names(settings)
    (tmp_path / "documents").mkdir()
    assert names(settings) == shipped
    (tmp_path / "documents" / "mine.md").write_text("# Mine\n\nWords.")
    assert names(settings) == shipped | {"mine.md"}


def test_documents_named_in_place_of_all_others_stay_alone(tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "mine.md").write_text("# Mine\n\nWords.")
    (tmp_path / "only.md").write_text("# Only\n\nThis.")
    settings = Settings(home=tmp_path, documents=(tmp_path / "only.md",), shipped_guidance=False)
    assert settings.upload_folder is None
    assert names(settings) == {"only.md"}
