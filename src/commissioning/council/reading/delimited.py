"""Delimited text as columns, in batches: a file of any size in the same memory.

Rows of the usual width are cut by Arrow, the others by the csv module. All keep the numbers that a
spreadsheet shows.
"""

from __future__ import annotations

import codecs
import contextlib
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from commissioning.council.reading import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    #: What to make of a row, by its number, that is wider or narrower than the others.
    Mend = Callable[[int, list[str]], list[str]]

_BLOCK = 4 << 20
#: Rows that are cut in Python come in batches of so many.
ROWS = 20_000


@dataclass(frozen=True)
class Batch:
    """Some rows of a table.

    Attributes:
        numbers: of the rows, from 1, as a spreadsheet shows them.
        columns: those that were asked for, in that order, as text; where a row is too short, "".
    """

    numbers: npt.NDArray[np.int32]
    columns: list[pa.StringArray]


class Delimited:
    """A file of delimited text.

    Attributes:
        file: its name.
        sheet: empty; the tables of a workbook have one.
        delimiter: between its cells.
        width: how many cells most rows have.
        head: its first rows.
        done: how much of it has been read, from 0 to 1.
    """

    sheet = ""

    def __init__(self, path: Path, most: int) -> None:
        """Look at the start of a file, at so many rows of it at most."""
        self._path, self.file, self.done = path, path.name, 0.0
        self._size = max(path.stat().st_size, 1)
        with path.open("rb") as stream:
            start = stream.read(text.SAMPLE)
        self._encoding = text.wide_encoding(start) or "utf-8-sig"
        content = text.decode(start)
        self.delimiter = text.delimiter(content)
        self.head = list(islice(text.rows(content, self.delimiter), most))
        if len(start) < self._size and 1 < len(self.head) < most:
            # The start may end in the middle of a row.
            self.head.pop()
        widths = Counter(len(row) for row in self.head if any(row))
        self.width = max(widths, key=lambda width: (widths[width] * width, width), default=1)

    def batches(self, columns: Sequence[int], mend: Mend) -> Iterator[Batch]:
        """The asked columns, counted from 0, of all rows from the first one on."""
        import pyarrow as pa

        last = 0
        if _has_open_quote(self._path):
            yield from self._slow(columns, mend, last)
            return
        try:
            for batch in self._fast(columns, mend):
                yield batch
                last = int(batch.numbers[-1])
        except pa.ArrowInvalid:
            # A row is larger than a block: a quotation mark is not closed.
            yield from self._slow(columns, mend, last)

    def _fast(self, columns: Sequence[int], mend: Mend) -> Iterator[Batch]:
        import pyarrow as pa

        odd: list[tuple[int, str]] = []

        def keep(row: pa_csv.InvalidRow) -> str:
            odd.append((row.number, row.text))
            return "skip"

        following = 1
        with _in_utf8(self._path, self._encoding) as path, pa.OSFile(str(path)) as stream:
            for part in self._reader(stream, columns, keep):
                self.done = stream.tell() / stream.size()
                end, count = following + part.num_rows, 0
                while count < len(odd) and odd[count][0] < end + 1:
                    end, count = end + 1, count + 1
                if end > following:
                    arrays = [self._column(part, column) for column in columns]
                    yield _together(following, arrays, self._cut(odd[:count], columns, mend))
                del odd[:count]
                following = end
            if odd:
                yield self._cut(odd, columns, mend)

    def _column(self, part: pa.RecordBatch, column: int) -> pa.StringArray:
        """A column that Arrow cut, blank where it is beyond the usual width."""
        import pyarrow as pa

        if column < self.width:
            return part.column(str(column))
        return pa.repeat("", part.num_rows)

    def _cut(self, odd: Sequence[tuple[int, str]], columns: Sequence[int], mend: Mend) -> Batch:
        """The rows that Arrow did not cut."""
        return of_rows(
            [(number, self._mended(number, self._cells(line), mend)) for number, line in odd],
            columns,
        )

    def _cells(self, line: str) -> list[str]:
        return list(chain.from_iterable(text.rows(line, self.delimiter)))

    def _mended(self, number: int, row: list[str], mend: Mend) -> list[str]:
        return mend(number, row) if row and len(row) != self.width else row

    def _reader(
        self,
        stream: pa.NativeFile,
        columns: Sequence[int],
        keep: Callable[[pa_csv.InvalidRow], str],
    ) -> Iterable[pa.RecordBatch]:
        """Arrow's reader of all columns that are asked for and there."""
        import pyarrow as pa
        from pyarrow import csv as pa_csv

        names = [str(column) for column in range(self.width)]
        asked = [str(column) for column in columns if column < self.width]
        reader: Iterable[pa.RecordBatch] = pa_csv.open_csv(
            stream,
            # Only one thread knows the numbers of the rows.
            pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=_BLOCK),
            pa_csv.ParseOptions(
                delimiter=self.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep,
            ),
            pa_csv.ConvertOptions(
                include_columns=asked or names[:1],
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        return reader

    def _slow(self, columns: Sequence[int], mend: Mend, after: int) -> Iterator[Batch]:
        """The rows after one, cut by the csv module with its quotation marks put right."""
        with self._path.open(encoding=self._encoding, errors=text.WINDOWS, newline="") as stream:
            rows = text.closed_rows(stream, self.delimiter, self.width)
            numbered = islice(enumerate(rows, 1), after, None)
            cut = ((number, self._mended(number, row, mend)) for number, row in numbered)
            while some := list(islice(cut, ROWS)):
                yield of_rows(some, columns)


def of_rows(rows: Sequence[tuple[int, list[str]]], columns: Sequence[int]) -> Batch:
    """Rows that were cut in Python as a batch."""
    import numpy as np
    import pyarrow as pa

    return Batch(
        np.fromiter((number for number, _ in rows), np.int32, len(rows)),
        [
            pa.array([row[at] if at < len(row) else "" for _, row in rows], pa.string())
            for at in columns
        ],
    )


def _together(first: int, cut: Sequence[pa.StringArray], odd: Batch) -> Batch:
    """The rows that Arrow cut and those that it did not, in the order of the file from a row on."""
    import numpy as np
    import pyarrow as pa

    total = len(cut[0]) + len(odd.numbers)
    numbers = np.arange(first, first + total, dtype=np.int32)
    if not len(odd.numbers):
        return Batch(numbers, list(cut))
    places = np.concatenate([np.delete(numbers, odd.numbers - first), odd.numbers])
    order = pa.array(np.argsort(places))
    return Batch(
        numbers,
        [pa.concat_arrays(pair).take(order) for pair in zip(cut, odd.columns, strict=True)],
    )


@contextlib.contextmanager
def _in_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file itself where all of it is UTF-8, or else a copy that is.

    Arrow reads a file in a thread of its own, in which Python must not be needed.
    """
    if encoding == "utf-8-sig" and _is_utf8(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="localis-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / path.name
        with (
            path.open(encoding=encoding, errors=text.WINDOWS, newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            while some := source.read(_BLOCK):
                target.write(text.without_controls(some))
        yield copy


def _has_open_quote(path: Path) -> bool:
    """Whether the quotation marks of a file are odd in number."""
    with path.open("rb") as stream:
        return sum(data.count(b'"') for data in iter(lambda: stream.read(_BLOCK), b"")) % 2 == 1


def _is_utf8(path: Path) -> bool:
    """Whether a file is UTF-8 without control characters that are Windows' dashes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        while data := stream.read(_BLOCK):
            # Most files are plain letters throughout.
            if data.isascii() and decoder.getstate()[0] == b"":
                continue
            try:
                some = decoder.decode(data)
            except UnicodeDecodeError:
                return False
            if text.has_controls(some):
                return False
    return decoder.getstate()[0] == b""
