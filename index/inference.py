"""How the models here are run: what they read of a text, on how many threads, and what is remembered of questions."""

from collections.abc import Sequence

MAX_TOKENS = 256
"""What the encoders read of one text, in word pieces; the rest is cut off. See ``index.windows``."""
REMEMBERED = 1_000
"""Questions whose vectors are remembered, some 40 kB each."""

_QUESTION, _QUESTIONS = 600, 16
"""The most characters of a text that may be a question, and how many come at once."""
_THREADS = 2
_SHORT = 2000


def may_be_questions(texts: Sequence[str]) -> bool:
    """Whether these may be questions, which several searches of one answer bring again."""
    return len(texts) <= _QUESTIONS and max(map(len, texts), default=0) <= _QUESTION


def use_threads(texts: Sequence[str]) -> None:
    """One thread for a question, two for more text.

    A question takes one thread 30 ms; on a busy machine two threads spend half a second waiting for each other.
    """
    import torch

    threads = 1 if sum(len(text) for text in texts) <= _SHORT else _THREADS
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)


def quiet() -> None:
    """No progress bars or advice from the model library on the user's terminal."""
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
