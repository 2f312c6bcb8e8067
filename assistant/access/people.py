"""A file of people and programs with their keys, of which only hashes are kept (scrypt, RFC 7914)."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.access.person import Person, Role
from corpus.errors import UserError

NAME = re.compile(r"[A-Za-z0-9_@-][A-Za-z0-9_@.-]{0,63}")
LONGEST_KEY = 256
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_MEMORY = 64 * 1024 * 1024
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file."""

    person: Person
    salt: bytes
    digest: bytes


class People:
    """Those who may sign in with a name and a key. Raises ``UserError`` for a file that cannot be used."""

    def __init__(self, file: Path) -> None:
        self._entries = read(file)
        # A key that was right is known again by a quick hash that only this process can compute.
        self._secret = secrets.token_bytes(32)
        self._known: dict[bytes, Person] = {}
        self._lock = threading.Lock()

    def known(self, name: str, key: str) -> Person | None:
        """The person, without the slow check, where that key was right before."""
        with self._lock:
            return self._known.get(self._mark(name, key))

    def check(self, name: str, key: str) -> Person | None:
        """The person whose key that is; takes as long for a name that is not there."""
        entry = self._entries.get(name)
        salt, digest = (entry.salt, entry.digest) if entry else (self._secret[:16], self._secret)
        right = hmac.compare_digest(_digest(key[:LONGEST_KEY], salt), digest)
        if entry is None or not right or len(key) > LONGEST_KEY:
            return None
        with self._lock:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[self._mark(name, key)] = entry.person
        return entry.person

    def _mark(self, name: str, key: str) -> bytes:
        return hmac.digest(self._secret, f"{name}\0{key}".encode("utf-8", "surrogatepass"), "sha256")


def line_for(name: str, role: Role, key: str) -> str:
    """A line of the file. Raises ``UserError`` for a name or a key that cannot be used."""
    if not NAME.fullmatch(name):
        raise UserError(f"{name[:80]!r} cannot be a name: use up to 64 letters, digits and . _ - @")
    if not 8 <= len(key) <= LONGEST_KEY:
        raise UserError(f"A key has 8 to {LONGEST_KEY} characters")
    salt = secrets.token_bytes(16)
    hashed = "$".join(("scrypt", _text(salt), _text(_digest(key, salt))))
    return f"{name} {role} {hashed}"


def read(file: Path) -> Mapping[str, Entry]:
    """The entries of the file by name; empty lines and those that begin with # are left out."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The file of people {file} cannot be read: check people_file") from error
    entries: dict[str, Entry] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            entry = _entry(line.split())
            if entry is None or entry.person.name in entries:
                raise UserError(
                    f"Line {number} of {file} is no line that `strategy-assistant access` prints, or a second"
                )
            entries[entry.person.name] = entry
    if not entries:
        raise UserError(f"There is nobody in {file}: add a line with `strategy-assistant access NAME`")
    return entries


def _entry(words: list[str]) -> Entry | None:
    parts = words[2].split("$") if len(words) == 3 else []
    if len(parts) != 3 or parts[0] != "scrypt" or not NAME.fullmatch(words[0]):
        return None
    role: Role | None = "own" if words[1] == "own" else "ask" if words[1] == "ask" else None
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in parts[1:])
    except (binascii.Error, ValueError):
        return None
    return Entry(Person(words[0], role), salt, digest) if role and len(salt) >= 16 and len(digest) == 32 else None


def _digest(key: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        key.encode("utf-8", "surrogatepass"), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, maxmem=_MEMORY, dklen=32
    )


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
