"""Cells that reach over several columns and rows, laid out on the grid of their table."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.rows import MOST_ROWS_OF_HEAD, Row

MOST_ACROSS = 1000
"""How many columns one cell may reach over, as HTML has it."""

# How many characters and cells may be written again for one document, in rows that a cell reaches into.
_MOST_REPEATED = 1_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a format gives it, with the number of columns and rows that it reaches over."""

    text: str
    across: int = 1
    down: int = 1
    head: bool = False


@dataclass(slots=True)
class Allowance:
    """What may still be repeated of one document."""

    left: int = _MOST_REPEATED

    @property
    def spent(self) -> bool:
        """Whether cells were left out of rows that they reach into."""
        return self.left < 0


class Grid:
    """Lays out the rows of one table, one after the other; what reaches into a row is repeated there."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._reaching: dict[int, Cell] = {}

    def row(self, cells: Sequence[Cell]) -> Row:
        """The next row."""
        texts: list[str] = []
        spans: list[tuple[int, int]] = []
        below: dict[int, Cell] = {}
        heads = []

        def place(cell: Cell) -> None:
            first, across = len(texts), min(max(cell.across, 1), MOST_ACROSS)
            texts.append(cell.text)
            if across > 1:
                spans.append((first, first + across))
                self._allowance.left -= across
                texts.extend([""] * (across - 1))
            if cell.down > 1:
                below[first] = Cell(cell.text, across, cell.down - 1, cell.head)
            if cell.text:
                heads.append(cell.head)

        waiting = list(reversed(cells))
        reaching = sorted(self._reaching.items(), reverse=True)
        while waiting or reaching:
            if reaching and (reaching[-1][0] <= len(texts) or not waiting):
                column, cell = reaching.pop()
                self._allowance.left -= 1 + len(cell.text)
                if column < len(texts) or self._allowance.spent:
                    continue  # Cells that overlap, as no program writes them.
                texts.extend([""] * (column - len(texts)))
                place(cell)
            else:
                place(waiting.pop())
        self._reaching = {} if self._allowance.spent else below
        return Row(
            texts,
            tuple(spans),
            head=bool(heads) and all(heads),
            goes_on=any(cell.down < MOST_ROWS_OF_HEAD for cell in below.values()),
        )
