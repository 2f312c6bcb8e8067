"""A writer of compound files, the form of Outlook's messages, so that tests can make them (Microsoft, MS-CFB)."""

import struct

_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_ROOT, _STORAGE, _STREAM = 5, 1, 2

Tree = dict[str, "bytes | Tree"]


class _Entry:
    def __init__(self, name: str, kind: int, raw: bytes = b"") -> None:
        self.name, self.kind, self.raw = name, kind, raw
        self.child = self.right = _NONE
        self.start, self.size = _END if kind != _STORAGE else 0, len(raw)

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII16sIQQIQ",
            name, len(name) + 2, self.kind, 1, _NONE, self.right, self.child, b"", 0, 0, 0, self.start, self.size,
        )  # fmt: skip


def compound(tree: Tree) -> bytes:
    """The bytes of a file that holds the streams (bytes) and storages (dictionaries) of ``tree``."""
    entries = [_Entry("Root Entry", _ROOT)]
    _place(tree, entries[0], entries)
    small, chains = b"", []
    for entry in entries:
        if entry.kind == _STREAM and 0 < entry.size < _CUTOFF:
            entry.start = len(small) // _SMALL
            small += _padded(entry.raw, _SMALL)
            chains += _chain(entry.start, len(small) // _SMALL)
    entries[0].size = len(small)
    links: list[int] = []
    body = b""

    def put(raw: bytes) -> int:
        nonlocal body
        if not raw:
            return _END
        start = len(links)
        body += _padded(raw, _SECTOR)
        links.extend(_chain(start, len(body) // _SECTOR))
        return start

    for entry in entries:
        if entry.kind == _STREAM and entry.size >= _CUTOFF:
            entry.start = put(entry.raw)
    entries[0].start = put(small)
    table = put(_padded(b"".join(struct.pack("<I", link) for link in chains), _SECTOR, b"\xff"))
    directory = put(_padded(b"".join(entry.packed() for entry in entries), _SECTOR))
    count = 1
    while (len(links) + count) * 4 > count * _SECTOR:
        count += 1
    first = len(links)
    links += [_FAT] * count
    body += _padded(b"".join(struct.pack("<I", link) for link in links), count * _SECTOR, b"\xff")
    places = [*range(first, first + count), *([_FREE] * (109 - count))]
    head = struct.pack(
        "<8s16sHHHHH6x9I109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, count, directory, 0, _CUTOFF, table, -(-len(chains) * 4 // _SECTOR), _END, 0, *places,
    )  # fmt: skip
    return head + body


def _place(tree: Tree, parent: _Entry, entries: list[_Entry]) -> None:
    """Entries for what is in a storage; each is the right one of that before it, in the order of their names."""
    before: _Entry | None = None
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        held = tree[name]
        entry = _Entry(name, _STREAM, held) if isinstance(held, bytes) else _Entry(name, _STORAGE)
        if before is None:
            parent.child = len(entries)
        else:
            before.right = len(entries)
        entries.append(entry)
        if isinstance(held, dict):
            _place(held, entry, entries)
        before = entry


def _chain(start: int, end: int) -> list[int]:
    return [*range(start + 1, end), _END] if end > start else []


def _padded(raw: bytes, size: int, filler: bytes = b"\0") -> bytes:
    return raw + filler * (-len(raw) % size)
