"""The language model that the settings name."""

import importlib.util
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.models.language_model import LanguageModel
from corpus.addresses import shown
from corpus.errors import UserError, did_you_mean

if TYPE_CHECKING:
    from assistant.settings import Settings

QUOTES = "quotes"
EMBEDDED = ("qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b")
_JUDGES = {"qwen2.5-coder-1.5b": "qwen2.5-coder-1.5b.gguf"}
"""The trained judges that ship, by the model that each was trained with."""
_EMBEDDERS = {"qwen2.5-coder-1.5b": "qwen2.5-coder-1.5b.gguf"}
"""The weights that ship for embedding, by the model that they were trained with."""
HOSTED = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "ollama": ""}
"""Providers and the variables in which their own tools look for a key."""
_QUOTED_AT_ONCE, _HOSTED_AT_ONCE = 2, 4


def open_model(settings: "Settings") -> LanguageModel | None:
    """The model, loaded or connected; None for ``quotes``, which is no model.

    Raises ``UserError`` for a name that means nothing, weights that are not there or do not load, a missing key and a
    missing package. A hosted model is not asked anything yet, so a wrong key shows with the first question.
    """
    name = settings.model
    if name == QUOTES:
        return None
    if settings.model_url and name not in EMBEDDED:
        return _hosted(settings, *_split(name, "openai"))
    if name in EMBEDDED:
        from index.weights import path_of

        return _shipped(settings, path_of(settings.home, name), name)
    if name.endswith(".gguf"):
        return _embedded(settings, Path(name).expanduser(), "")
    if name.partition(":")[0] in HOSTED and name.partition(":")[2]:
        return _hosted(settings, *_split(name, ""))
    raise unknown_model(name)


def answered_at_once(settings: "Settings") -> int:
    """How many questions are answered at a time with the model: one with a model that has this machine's processor."""
    if settings.answers_at_once:
        return settings.answers_at_once
    if settings.model == QUOTES:
        return _QUOTED_AT_ONCE
    hosted = settings.model_url or not settings.model.endswith(".gguf")
    return _HOSTED_AT_ONCE if hosted and settings.model not in EMBEDDED else 1


def needed_weights(model: str) -> str | None:
    """The name of the weights that have to be pulled for a model, if it is one that ships."""
    return model if model in EMBEDDED else None


def check_name(model: str, model_url: str = "") -> None:
    """Raises ``UserError`` where the name means nothing, before anything is loaded."""
    provider, _, served = model.partition(":")
    known = model == QUOTES or model in EMBEDDED or model.endswith(".gguf") or bool(provider in HOSTED and served)
    if not known and not model_url:
        raise unknown_model(model)


def check_model(settings: "Settings") -> None:
    """Raises the ``UserError`` of `open_model` where it can be told before anything is loaded or connected."""
    name = settings.model
    check_name(name, settings.model_url)
    if name == QUOTES or name in EMBEDDED:
        return
    if settings.model_url or not name.endswith(".gguf"):
        provider, served = _split(name, "openai")
        _key_of(settings, provider, served)
        _check_address(settings.model_url)
        _check_package(provider)
    else:
        from assistant.models.embedded import check_file

        check_file(Path(name).expanduser())


def unknown_model(name: str) -> UserError:
    known = f"{', '.join(EMBEDDED)}, {QUOTES}, a .gguf file, openai:NAME, anthropic:NAME or ollama:NAME"
    hint = did_you_mean(name, [*EMBEDDED, QUOTES], "", str)
    todo = f"{hint} name {known}, or set model_url".lstrip()
    return UserError(f"Unknown model {name}: {todo}")


def _split(name: str, default: str) -> tuple[str, str]:
    provider, colon, served = name.partition(":")
    return (provider, served) if colon and provider in HOSTED else (default, name)


def judge_of(name: str) -> Path | None:
    """The file of the judge that was trained with the embedded model of that name; None where there is none."""
    return Path(__file__).parents[1] / "judge" / _JUDGES[name] if name in _JUDGES else None


def embedder_of(name: str) -> Path | None:
    """The file of the weights that were trained to embed with the model of that name; None where there is none."""
    return Path(__file__).parents[1] / "embedder" / _EMBEDDERS[name] if name in _EMBEDDERS else None


def runs_in_pytorch(settings: "Settings") -> bool:
    """Whether the models that ship are run by PyTorch: where it is set, or quicker on this processor."""
    if settings.model_runtime != "auto":
        return settings.model_runtime == "pytorch"
    from assistant.models.in_process import quick_here

    return quick_here()


def embeds_beside(settings: "Settings", name: str) -> bool:
    """Whether PyTorch embeds with a model that llama.cpp runs: not where only llama.cpp is asked for."""
    from assistant.models.in_process import embeds_here

    return settings.model_runtime == "auto" and name in _EMBEDDERS and embeds_here()


def make_ready(settings: "Settings", path: Path, progress: Callable[[str], None]) -> None:
    """Prepare the weights of a model that ships, once, where PyTorch is to run it or to embed with it.

    Where that fails, ``progress`` is told why, and llama.cpp runs the model; ``UserError`` where PyTorch is asked for.
    """
    if not (runs_in_pytorch(settings) or embeds_beside(settings, settings.model)):
        return
    from assistant.models.preparing import prepare

    try:
        prepare(path, progress)
    except UserError as error:
        if settings.model_runtime == "pytorch":
            raise
        progress(f"{error}; going on with llama.cpp")


def _shipped(settings: "Settings", path: Path, name: str) -> LanguageModel:
    from assistant.models.preparing import prepared

    in_pytorch, embedder = runs_in_pytorch(settings), embedder_of(name)
    folder = prepared(path) if in_pytorch or embeds_beside(settings, name) else None
    if folder is None:
        return _embedded(settings, path, name)
    if in_pytorch:
        from assistant.models.in_process import InProcessModel

        return InProcessModel(folder, **_local(settings, name), embedder=embedder)
    if embedder is None:
        return _embedded(settings, path, name)
    from assistant.models.beside import EmbeddingModel

    return _embedded(settings, path, name, partial(EmbeddingModel, folder=folder, embedder=embedder))


def _embedded(
    settings: "Settings", path: Path, name: str, open_with: Callable[..., LanguageModel] | None = None
) -> LanguageModel:
    try:
        from assistant.models.embedded import EmbeddedModel
    except ImportError as error:
        raise UserError("The embedded model needs xllamacpp: pip install xllamacpp, or use --model quotes") from error
    opened = open_with or EmbeddedModel
    return opened(path, **_local(settings, name), verbose=settings.log_level == "debug")


def _local(settings: "Settings", name: str) -> dict[str, Any]:
    """What every runtime of a model on this machine is given."""
    return {
        "name": name,
        "context": settings.model_context,
        "threads": settings.model_threads,
        "timeout": settings.model_timeout,
        "adapter": judge_of(name),
    }


def _hosted(settings: "Settings", provider: str, served: str) -> LanguageModel:
    from assistant.models.hosted import HostedModel

    key, from_environment = _key_of(settings, provider, served)
    values: dict[str, object] = {"model": served, "model_provider": provider}
    _check_address(settings.model_url)
    if settings.model_url:
        values["base_url"] = settings.model_url
    if provider == "ollama":
        values["client_kwargs"] = {"timeout": settings.model_timeout}
    else:
        values |= {"api_key": key, "timeout": settings.model_timeout, "max_retries": settings.model_retries}
    if provider == "openai" and settings.model_url:
        values["use_responses_api"] = False
    _check_package(provider)
    from langchain.chat_models import init_chat_model

    try:
        chat = init_chat_model(**values)  # type: ignore[call-overload]
    except ImportError as error:
        raise _no_package(provider) from error
    model = HostedModel(
        chat,
        f"{provider}:{served}",
        provider=provider,
        address=settings.model_url,
        context=settings.model_context,
        timeout=settings.model_timeout,
        secrets=(key, settings.key, from_environment),
    )
    if not settings.mask_personal_data:
        return model
    from assistant.models.masking import MaskingModel

    return MaskingModel(model)


def _key_of(settings: "Settings", provider: str, served: str) -> tuple[str, str]:
    """The key to send, and the one that the provider's own variable holds."""
    variable = HOSTED[provider]
    key = settings.key
    from_environment = os.environ.get(variable, "") if variable else ""
    if variable and not key and not from_environment and not settings.model_url:
        raise UserError(f"{provider}:{served} needs a key: set model_key or model_key_file, or the variable {variable}")
    # The provider's own key is not for whoever serves another address.
    return key or ("none" if settings.model_url else from_environment), from_environment


def _check_address(url: str) -> None:
    if url and not url.startswith(("http://", "https://")):
        raise UserError(f"model_url is no address ({shown(url)}): it begins with http:// or https://")


def _check_package(provider: str) -> None:
    if importlib.util.find_spec(f"langchain_{provider}") is None:
        raise _no_package(provider)


def _no_package(provider: str) -> UserError:
    extra = "strategy-assistant" if provider == "openai" else f"strategy-assistant[{provider}]"
    return UserError(f"{provider}: models need another package: pip install '{extra}'")
