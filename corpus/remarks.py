"""What an owner should know of how a document was read, each in one line."""

from collections.abc import Sequence

from corpus.records import Document

_MOST_NAMED = 12
_MOST_QUOTED = 3


def remarks(document: Document) -> tuple[str, ...]:
    """The lines for one document; none where there is nothing to say."""
    told = []
    if document.recognised:
        verb = "is a scan" if len(document.recognised) == 1 else "are scans"
        told.append(
            f"{pages_named(document.recognised)} {verb}: the text was recognised from pictures and may contain slips"
        )
    if document.unread:
        told.append(document.unread)
    if document.orders:
        said = "; ".join(f"“{words}”" for words in document.orders[:_MOST_QUOTED])
        more = len(document.orders) - _MOST_QUOTED
        told.append(
            "seems to give orders to a language model, treated as text like any other; look whether they belong here: "
            f"{said}{f' and {more} more' if more > 0 else ''}"
        )
    return tuple(told)


def pages_named(pages: Sequence[int]) -> str:
    """Numbers of pages in ascending order as people write them: ``pages 1-3, 7``."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs[:_MOST_NAMED]]
    more = len(pages) - sum(len(run) for run in runs[:_MOST_NAMED])
    return f"page{'' if len(pages) == 1 else 's'} {', '.join(parts)}{f' and {more:,} more' if more else ''}"
