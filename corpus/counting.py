"""Numbers of things, in words."""


def counted(count: int, what: str) -> str:
    """A number of things as people say it: ``1 document``, ``2 documents``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
