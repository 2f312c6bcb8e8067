"""The sites whose pages may show and call the assistant."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from corpus.errors import UserError


def origins(sites: Sequence[str]) -> tuple[str, ...]:
    """``sites`` as origins, such as ``https://intranet.example``; raises ``UserError`` for anything else."""
    return tuple(dict.fromkeys(_origin(site) for site in sites))


def host_of(origin: str) -> str:
    """Host and port of an origin, empty where it is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _origin(site: str) -> str:
    try:
        parts = urlsplit(site.strip().lower().rstrip("/"))
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    host = parts.hostname or ""
    plain = all(character.isalnum() or character in "-.:" for character in host)
    rest = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not host or not plain or not host.isascii() or rest:
        raise UserError(f"allowed_sites: {site[:200]} is no site; write it as https://intranet.example, without a path")
    default = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{'' if port == default else port}"
