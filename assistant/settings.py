"""Every setting: from flags, the environment, one TOML file and defaults, the first that names it holding."""

import os
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.errors import UserError, did_you_mean, within_line

PREFIX = "STRATEGY_ASSISTANT_"
FILE_VARIABLE = f"{PREFIX}SETTINGS"
FILE_NAME = "settings.toml"
_LARGEST_FILE = 1_000_000
_PATTERNS = {"proxy_user_header": "the name of a header has letters, digits and -"}
_MODELS = ("model", "embedding", "sparse", "reranker")
_FILES = ("home", "model_key_file", "languages", "people_file", "token_secret_file", "oidc_client_secret_file")


def default_home() -> Path:
    """The platform's folder for a user's data of this application."""
    return platformdirs.user_data_path("strategy-assistant", appauthor=False)


class Settings(BaseSettings):
    """What can be chosen about the assistant; docs/settings.md describes every field to its reader."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, protected_namespaces=(), env_ignore_empty=True
    )

    home: Path = Field(default_factory=default_home, description="The data folder: models, indexes, conversations.")
    documents: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Files and folders of your own guidance, beside the guidance that ships."
    )
    shipped_guidance: bool = Field(True, description="Whether the guidance that ships answers too.")
    watch_seconds: float = Field(
        5.0,
        ge=0,
        le=86400,
        description="Seconds between two looks for changed documents; a program that serves: 0 is never.",
    )

    model: str = Field("qwen2.5-coder-1.5b", description="The language model that writes the answers.", min_length=1)
    model_url: str = Field("", description="The address of a model server, where it is not the provider's own.")
    model_key: SecretStr | None = Field(None, description="The key for a hosted model.")
    model_key_file: Path | None = Field(None, description="A file that holds the key for a hosted model.")
    model_runtime: Literal["auto", "pytorch", "llama.cpp"] = Field(
        "auto", description="What runs the embedded model; auto: PyTorch where this processor is quick at it."
    )
    model_threads: int = Field(
        0, ge=0, le=256, description="Cores the embedded model uses; 0: those there are, up to 8."
    )
    model_context: int = Field(
        4096, ge=1024, le=131072, description="Tokens that question, passages and answer may have together."
    )
    model_timeout: float = Field(120.0, gt=0, le=3600, description="Seconds to wait for a model's next words.")
    model_retries: int = Field(2, ge=0, le=10, description="How often a hosted model is asked again after a failure.")

    endpoint_key: SecretStr | None = Field(None, description="The key for another chat that is evaluated.")

    embedding: str = Field("all-minilm-l6-v2", description="The model whose vectors find passages by meaning.")
    sparse: str = Field(
        "splade-tiny", description="The model whose sparse vectors find passages by words; empty: none."
    )
    reranker: str = Field("", description="A cross-encoder that orders the passages found; empty: none.")
    index_url: str = Field(
        "",
        description="The Chroma server that holds the vectors of the index; empty: a folder does.",
        pattern=r"^(https?://[^\s?#]+)?$",
    )
    passages: int = Field(10, ge=1, le=50, description="How many passages an answer is written from.")
    answerable_threshold: float | None = Field(
        None, ge=0, le=1, description="Estimated probability below which a question is refused; unset: calibrated."
    )

    host: str = Field("127.0.0.1", description="The address the chat window is served on.", min_length=1)
    port: int = Field(7860, ge=0, le=65535, description="The port it is served on; 0: any free one.")
    allow_remote: bool = Field(False, description="Serve other machines too, though nobody has to sign in.")
    allowed_sites: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Sites whose pages may show the window in a frame and call the API."
    )
    languages: Path | None = Field(None, description="A folder of files with the interface's texts in other languages.")
    people_file: Path | None = Field(None, description="Names, roles and hashed keys of those who may sign in.")
    token_secret: SecretStr | None = Field(None, description="The secret that tokens for the widget are signed with.")
    token_secret_file: Path | None = Field(None, description="A file that holds the secret.")
    public_url: str = Field(
        "", description="The address that people open the assistant at.", pattern=r"^(https?://[^\s?#]+)?$"
    )
    oidc_issuer: str = Field("", description="The OpenID Connect provider that signs people in; empty: none.")
    oidc_client_id: str = Field("", description="What the provider knows the assistant by.")
    oidc_client_secret: SecretStr | None = Field(None, description="The secret between the provider and the assistant.")
    oidc_client_secret_file: Path | None = Field(None, description="A file that holds that secret.")
    oidc_claim: str = Field("sub", description="What a person is called by, of what the provider says.", min_length=1)
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Addresses of proxies that say who asks."
    )
    proxy_user_header: str = Field(
        "X-Remote-User",
        description="The header in which they say it; empty: in none.",
        pattern=r"^[A-Za-z0-9-]{0,64}$",
    )
    owners: Annotated[tuple[str, ...], NoDecode] = Field((), description="Names that own the content.")
    questions_per_minute: int = Field(30, ge=0, description="Questions one person may ask in a minute; 0: any number.")
    questions_per_address: int = Field(
        300, ge=0, description="Questions that may come from one address in a minute; 0: any number."
    )
    questions_per_day: int = Field(0, ge=0, description="Questions one person may ask in a day; 0: any number.")
    answers_at_once: int = Field(
        0, ge=0, le=64, description="How many questions are answered at a time; 0: as many as suit the model."
    )
    queue_length: int = Field(32, ge=0, le=1000, description="How many questions may wait while others are answered.")
    stop_seconds: float = Field(
        30.0, ge=0, le=3600, description="Seconds that questions in the queue have to be answered once told to stop."
    )
    database: str = Field(
        "", description="SQLAlchemy URL of conversations and feedback; empty: SQLite in the data folder.", repr=False
    )
    retention_days: int = Field(
        0, ge=0, le=36500, description="Days after which conversations and feedback are deleted; 0: never."
    )
    mask_personal_data: bool = Field(
        False, description="Whether personal data is masked before it is kept or sent to a hosted model."
    )
    log_questions: bool = Field(False, description="Whether what people ask may stand in the log.")
    log_format: Literal["text", "json"] = Field("text", description="Lines of text, or one JSON object each.")
    metrics: Literal["off", "owners", "local"] = Field(
        "owners", description="Who may read /metrics: nobody, owners, or also any program on this machine."
    )
    otlp_endpoint: str = Field(
        "", description="OTLP collector that gets a trace of each question; empty: none.", pattern=r"^(https?://\S+)?$"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="What is logged to stderr.")

    @field_validator("documents", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        """An environment variable lists paths as PATH does."""
        if isinstance(value, str):
            return tuple(part for part in value.split(os.pathsep) if part)
        if isinstance(value, list) and any(isinstance(entry, str) and not entry.strip() for entry in value):
            raise ValueError("an empty name is no file or folder")
        return value

    @field_validator("index_url", "model_url", "public_url", "otlp_endpoint", mode="after")
    @classmethod
    def _parsed(cls, value: str) -> str:
        try:
            _ = urlsplit(value).port
        except ValueError:
            raise ValueError("it is no address such as https://host:8000") from None
        return value

    @field_validator("allowed_sites", "trusted_proxies", "owners", mode="before")
    @classmethod
    def _split_words(cls, value: object) -> object:
        """An environment variable lists them with blanks between."""
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator(
        "home",
        "documents",
        "model_key_file",
        "languages",
        "people_file",
        "token_secret_file",
        "oidc_client_secret_file",
        mode="after",
    )
    @classmethod
    def _expand(cls, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(path.expanduser() for path in value)
        return value.expanduser() if isinstance(value, Path) else value

    @property
    def key(self) -> str:
        """The key for a hosted model, from the setting or its file; empty where there is none. Raises ``UserError``."""
        return _secret(self.model_key, self.model_key_file, "key file", "model_key_file")

    @property
    def token_secret_text(self) -> str:
        """The secret of tokens, from the setting or its file; empty where there is none. Raises ``UserError``."""
        return _secret(self.token_secret, self.token_secret_file, "file of the token secret", "token_secret_file")

    @property
    def oidc_secret_text(self) -> str:
        """The secret between provider and assistant, from the setting or its file; empty without. Raises as ``key``."""
        return _secret(
            self.oidc_client_secret, self.oidc_client_secret_file, "file of the secret", "oidc_client_secret_file"
        )

    @property
    def upload_folder(self) -> Path | None:
        """Where documents go that an owner uploads: the first folder of ``documents``.

        Where it names none it is ``documents`` in the data folder, which is read too then; None beside documents that
        were named in place of the guidance that ships.
        """
        named = next((path for path in self.documents if os.path.isdir(path)), None)
        return named or (self.home / "documents" if self.shipped_guidance else None)

    @property
    def database_url(self) -> str:
        if self.database:
            return self.database
        from sqlalchemy.engine import URL

        return URL.create("sqlite", database=str(self.home / "conversations.sqlite")).render_as_string()


def _secret(given: SecretStr | None, file: Path | None, what: str, setting: str) -> str:
    if given is not None:
        return given.get_secret_value().strip()
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The {what} {file} cannot be read: check {setting}") from error


def read(flags: Mapping[str, Any] | None = None, file: Path | None = None) -> Settings:
    """The settings of this run.

    ``flags`` are values given on the command line, None meaning not given. ``file`` names the TOML file; without it
    the variable ``STRATEGY_ASSISTANT_SETTINGS`` does, or else ``settings.toml`` in the data folder is read if it is
    there. Relative paths in the file count from its folder. Raises ``UserError`` for a file that cannot be read, an
    unknown key and a value that does not fit, naming each.
    """
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    _check_names(given, "flag")
    environment = {
        name[len(PREFIX) :].lower()
        for name, value in os.environ.items()
        if name.upper().startswith(PREFIX) and name.upper() != FILE_VARIABLE and value
    }
    _check_names(environment, "environment variable", lambda name: PREFIX + name.upper())
    source, values = _file(given, file)
    _check_names(values, f"key in {source}")
    below = {name: value for name, value in values.items() if name not in given and name not in environment}
    try:
        return Settings(**below, **given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0])
        where = (
            "the command line"
            if name in given
            else f"the environment ({PREFIX}{name.upper()})"
            if name in environment
            else str(source)
        )
        raise UserError(f"{name} in {where} does not fit: {_fault(name, first)} (docs/settings.md)") from None


def _fault(name: str, error: Mapping[str, Any]) -> str:
    if error["type"] == "path_type":
        return "a path must be text in quotes"
    if error["type"] == "string_pattern_mismatch":
        return _PATTERNS.get(name, "it is no address that begins with http:// or https://")
    return within_line(error["msg"])


def file_of(home: Path, file: Path | None = None) -> Path:
    """The settings file that is read for this data folder, whether it exists or not."""
    named = file or os.environ.get(FILE_VARIABLE)
    return Path(named).expanduser() if named else home / FILE_NAME


def _file(given: Mapping[str, Any], file: Path | None) -> tuple[Path, dict[str, Any]]:
    home = Path(given.get("home") or os.environ.get(f"{PREFIX}HOME") or default_home()).expanduser()
    path = file_of(home, file)
    named = file is not None or bool(os.environ.get(FILE_VARIABLE))
    try:
        with path.open("rb") as opened:
            raw = opened.read(_LARGEST_FILE + 1)
        if len(raw) > _LARGEST_FILE:
            raise UserError(f"The settings file {path} is larger than 1 MB, so it is none: check the name")
        values = tomllib.loads(raw.decode("utf-8"))
    except FileNotFoundError as error:
        if named:
            raise UserError(f"There is no settings file {path}: check the name") from error
        return path, {}
    except NotADirectoryError as error:
        raise UserError(f"{path.parent} is a file or lies in one: name a folder") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"The settings file {path} cannot be read: check that it is a text file you may read"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"The settings file {path} is not valid TOML: {error}") from error
    for name in _FILES:
        if isinstance(values.get(name), str):
            if not values[name].strip():
                raise UserError(f"{name} in {path} is empty: name a file or folder, or leave it out")
            values[name] = path.parent / Path(values[name]).expanduser()
    served = values.get("model_url") or os.environ.get(f"{PREFIX}MODEL_URL")
    for name in _MODELS:
        # What a server calls its model is no path, whatever it looks like.
        if isinstance(values.get(name), str) and not (name == "model" and served):
            values[name] = _model_beside(path.parent, name, values[name])
    if isinstance(values.get("documents"), str):
        values["documents"] = [values["documents"]]
    if isinstance(values.get("documents"), list):
        values["documents"] = [
            path.parent / Path(entry).expanduser() if isinstance(entry, str) and entry.strip() else entry
            for entry in values["documents"]
        ]
    return path, values


def _model_beside(folder: Path, setting: str, name: str) -> str:
    """A model's path in a file, which counts from the file's ``folder``; whatever else names a model as it is."""
    from index.weights import is_known

    bare = "/" not in name and os.sep not in name
    there = (folder / Path(name).expanduser()).exists()
    if not name or (is_known(name) and (bare or not there)):
        return name
    # A hosted model's name may have a stroke in it.
    path = name.endswith(".gguf") and there if setting == "model" else there or not bare
    return str(folder / Path(name).expanduser()) if path else name


def _check_names(names: Iterable[str], kind: str, shown: Callable[[str], str] = str) -> None:
    for name in names:
        if name not in Settings.model_fields:
            hint = did_you_mean(name, Settings.model_fields, "docs/settings.md lists those there are", shown)
            raise UserError(f"Unknown {kind}: {shown(name)}; {hint}")
