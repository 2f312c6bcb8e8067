"""Whether whoever asked still wants an answer, as what works on one asks before each step."""


def never() -> bool:
    """Nobody has cancelled."""
    return False


def always() -> bool:
    """Whoever asked wants no more."""
    return True
