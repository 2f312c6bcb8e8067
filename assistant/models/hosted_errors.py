"""What goes wrong with a hosted model, said in one line to whoever can mend it.

The providers' clients raise classes of their own, of two HTTP libraries and of Python, and whatever their parsing runs
into when a server sends nonsense. They are told apart here by status and by the names of their classes, so that no
client has to be imported.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.models.language_model import ModelUnavailableError, PromptTooLongError
from corpus.addresses import redacted, shown
from corpus.errors import UserError

_TIMEOUTS = {"APITimeoutError", "TimeoutException", "TimeoutError"}
_CONNECTIONS = {"APIConnectionError", "TransportError", "ConnectionError"}
_BROKEN = {"RemoteProtocolError", "ReadError", "IncompleteRead"}
_SETTING = "docs/settings.md"


def explain(
    error: Exception, name: str, address: str, timeout: float, secrets: Sequence[str] = (), begun: bool = False
) -> UserError:
    """The error for the user, ``ModelUnavailableError`` where it may pass; ``begun``: part of the answer had come."""
    at = f" at {shown(address)}" if address else ""
    status = _status(error)
    said = _said(error, secrets)
    if status in (401, 403):
        return UserError(f"{name}{at} does not accept the key: check model_key or model_key_file ({_SETTING})")
    if status == 404:
        return UserError(f"{name} was not found{at}: check the model's name and model_url ({_SETTING})")
    if status == 429:
        return ModelUnavailableError(
            f"{name}{at} takes no more requests now: wait, or check the account's quota with its provider"
        )
    if status in (400, 413, 422) and any(word in said.lower() for word in ("context", "too long", "too large")):
        return PromptTooLongError(f"The question and its passages are too long for {name}: ask a shorter question")
    if status is not None and 400 <= status < 500:
        return UserError(f"{name}{at} refused the request ({status}: {said}): check the model's name ({_SETTING})")
    if status is not None and status >= 500:
        return ModelUnavailableError(
            f"{name}{at} has a fault of its own ({status}): try again later or use another model"
        )
    kinds = _kinds(error)
    if kinds & _TIMEOUTS:
        return ModelUnavailableError(
            f"{name}{at} did not answer within {timeout:g} s: try again, or raise model_timeout"
        )
    if begun or kinds & _BROKEN:
        return ModelUnavailableError(f"{name}{at} broke off in the middle of its answer: ask again")
    if kinds & _CONNECTIONS:
        return ModelUnavailableError(
            f"{name} cannot be reached{at}: check that it is running, the network and model_url ({_SETTING})"
        )
    if "OpenAIError" in kinds or "AnthropicError" in kinds or "ResponseError" in kinds:
        return UserError(f"{name}{at} reported an error ({said}): try again or use another model")
    return UserError(
        f"{name}{at} sent something that is no answer: check that model_url is the address of a chat model ({_SETTING})"
    )


def reads_as_unsupported(error: Exception, option: str) -> bool:
    """Whether the provider refused the request because of this option."""
    return _status(error) in (400, 422, 501) and option in _said(error, (), 4000).lower()


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _kinds(error: Exception) -> set[str]:
    return {base.__name__ for link in _chain(error) for base in type(link).__mro__}


def _status(error: Exception) -> int | None:
    for link in _chain(error):
        status: Any = getattr(link, "status_code", None)
        if isinstance(status, int) and status >= 400:
            return status
    return None


def _said(error: Exception, secrets: Sequence[str], limit: int = 160) -> str:
    """The error's own words on one line, short and without the key."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else inner
    text = " ".join((message if isinstance(message, str) else str(error)).split())
    for secret in secrets:
        text = text.replace(secret, "***")
    text = redacted(text)
    text = "".join(character if character.isprintable() else " " for character in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
