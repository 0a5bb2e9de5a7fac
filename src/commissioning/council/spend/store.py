"""The payments of all imported files, in one Parquet file beside the workbook.

A workbook holds the summary; the payments stay outside, in row groups that each belong to one
file. What is added up here takes the file a row group at a time, so that memory grows with the
number of suppliers, not of payments. The same payments give the same bytes, however they came.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from commissioning import files
from commissioning.council.spend.payments import schema as schema_read
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    import pyarrow as pa
    from pyarrow.parquet import ParquetFile, ParquetWriter

    #: What gives what is known of a file once its payments have been taken.
    _Tally = Callable[[], tuple[int, int] | tuple[int, int, str]]
    #: Name of a file -> its SHA-256, its payments, and its rejected ones.
    _Sources = dict[str, tuple[str, Iterable[pa.Table], _Tally]]

#: Payments in a row group.
ROWS = 65_536

_KEY = b"localis.payments"
_VERSION = 1


class File(NamedTuple):
    """A file whose payments the store holds.

    Attributes:
        name: without its folder; of files of one name that were imported together, with as many
            folders as tell them apart.
        sha256: of its bytes, in hexadecimal.
        payments: how many.
        pence: what they come to.
        first: day of the earliest payment; None where none has a date.
        last: day of the latest payment; None where none has a date.
        groups: row groups that hold the payments.
        rejected: payments of the file that could not be read, and are not held.
        rejected_pence: what those come to, as far as their amounts can be read.
        body: who paid, where the file says so; "" where it does not.
    """

    name: str
    sha256: str
    payments: int
    pence: int
    first: dt.date | None
    last: dt.date | None
    groups: int
    rejected: int = 0
    rejected_pence: int = 0
    body: str = ""


def path_beside(workbook: Path) -> Path:
    """Where the payments of a workbook are: `Plan payments.parquet` for `Plan.xlsx`."""
    return workbook.with_name(f"{workbook.stem} payments.parquet")


@cache
def schema() -> pa.Schema:
    """The columns of a payment, as they are read, but with its texts written out."""
    import pyarrow as pa

    return pa.schema(
        [
            (each.name, pa.string() if pa.types.is_dictionary(each.type) else each.type)
            for each in schema_read()
        ]
    )


def imported(store: Path) -> list[File]:
    """The files whose payments the store holds, by name; none where there is no store yet.

    Raises:
        LocalisError: the store is damaged or no such file.
    """
    if not store.exists():
        return []
    with _read_from(store) as opened:
        return _contents(store, opened)


@contextlib.contextmanager
def replaced(
    store: Path,
    imports: Sequence[tuple[Path, Iterable[pa.Table]]],
    rejected: Sequence[_Tally] = (),
    earlier: Path | None = None,
    without: Collection[str] = (),
) -> Iterator[Path]:
    """A store with the files' payments in place of those it has of the same files.

    A file is the same by its `File.name` or by its bytes; the payments of others stay, but for
    those of files to leave out. The new store is complete when the block is entered, under another
    path, and takes the old one's place when the block is left: after an error in it, or while
    writing, the old one is as it was. No backup is kept, as the files can be imported again.

    Args:
        store: the Parquet file; it need not exist.
        imports: each file's path and its payments, in the columns of `schema`, strings as such or
            as dictionaries, in tables of any length; they are read one file after the other. What
            the column `file` says becomes the file's name.
        rejected: for each file what gives, once its payments have been taken, how many were
            rejected, what they come to in pence, and perhaps who paid, as in `File`; none were
            where this is left out.
        earlier: the store to take the payments of other files from, where it is another one; it
            need not exist, and stays as it is.
        without: names of files to leave out, in upper or lower case.

    Yields:
        The path of the new store, to be summed up from there.

    Raises:
        LocalisError: a file is given twice, one to leave out is not held or is given too, the
            store is damaged, is none, cannot be written, or was changed by somebody else.
        WorkbookError: it is read-only.
    """
    target = Path(os.path.realpath(store))
    source = earlier or target
    files.refuse_read_only(target)
    before, held = files.state(target), imported(source)
    paths = [path for path, _ in imports]
    names, digests = _names(paths, held), _digests(paths)
    left_out = _left_out(source, held, without, names)
    sources = _kept(source, held, {*names, *left_out}, digests)
    tallies: Sequence[_Tally] = rejected or [lambda: (0, 0)] * len(imports)
    for name, digest, (_, payments), tally in zip(names, digests, imports, tallies, strict=True):
        sources[name] = (digest, payments, tally)
    with contextlib.ExitStack() as stack:
        try:
            beside = tempfile.TemporaryDirectory(
                prefix=".localis-", dir=target.parent, ignore_cleanup_errors=True
            )
            new = Path(stack.enter_context(beside)) / target.name
            _write(new, sources)
        except OSError as error:
            raise _refused(store, error) from None
        yield new
        if files.state(target) != before:
            raise LocalisError(
                f"{store} was changed by somebody else in the meantime and was left as it is: "
                "import the same files again."
            )
        try:
            new.replace(target)
        except OSError as error:
            raise _refused(store, error) from None


def tables(store: Path, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """The payments, a row group at a time: all columns of `schema`, or those named.

    Raises:
        LocalisError: there is no store, it is damaged or it is no such file.
    """
    if not store.exists():
        raise LocalisError(f"{store} does not exist: import files of payments first.")
    groups = sum(file.groups for file in imported(store))
    return _groups(store, range(groups), columns)


def of_month(store: Path, month: dt.date, columns: Sequence[str]) -> pa.Table:
    """The payments of a month, by its first day; row groups without any are not read.

    Raises:
        LocalisError: the store cannot be read.
    """
    import pyarrow.parquet as pq

    after = (month + dt.timedelta(days=31)).replace(day=1)
    days = [("date", ">=", month), ("date", "<", after)]
    with _read_from(store):
        return pq.read_table(
            store, columns=columns, filters=days, use_threads=False, page_checksum_verification=True
        )


def _digests(paths: Sequence[Path]) -> list[str]:
    """SHA-256 of each file; no two may be the same."""
    found: dict[str, Path] = {}
    for path in paths:
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise LocalisError(f"{path} cannot be read ({error.strerror}).") from None
        if digest in found:
            raise LocalisError(f"{found[digest]} and {path} are the same file: leave one out.")
        found[digest] = path
    return list(found)


def _names(paths: Sequence[Path], held: Iterable[File]) -> list[str]:
    """Each file's name in the store: as held, if it is, or with the folders that it takes."""
    parts = [Path(os.path.abspath(path)).parts for path in paths]  # noqa: PTH100 - links stay
    long = [file.name for file in held if "/" in file.name]

    def named(own: tuple[str, ...]) -> str:
        whole = "/".join(own)
        if known := next((name for name in long if whole.endswith(f"/{name}")), None):
            return known
        ends = ("/".join(own[-depth:]) for depth in range(1, len(own)))
        alone = (end for end in ends if sum("/".join(p).endswith(f"/{end}") for p in parts) == 1)
        return next(alone, whole)

    return [named(own) for own in parts]


def _left_out(
    store: Path, held: Iterable[File], without: Iterable[str], given: Collection[str]
) -> Iterator[str]:
    """The names of the files to leave out, as they are held."""
    names = {file.name.casefold(): file.name for file in held}
    for name in without:
        found = names.get(name.casefold())
        if found is None:
            raise LocalisError(
                f"There are no payments of {name} to leave out; {store.name} has those of "
                f"{', '.join(names.values()) or 'no file'}."
            )
        if found in given:
            raise LocalisError(f"{found} cannot be both imported and left out: do one of the two.")
        yield found


@contextlib.contextmanager
def _read_from(store: Path) -> Iterator[ParquetFile]:
    """The open store; what goes wrong in reading it becomes one sentence."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(store, page_checksum_verification=True) as opened:
            yield opened
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise LocalisError(
            f"{store} cannot be read ({reason}): move it away and import the files of payments "
            "again."
        ) from None


def _contents(store: Path, opened: ParquetFile) -> list[File]:
    """The files that the store says it holds; it is one of ours, whole and of this version."""
    try:
        said = json.loads(opened.metadata.metadata[_KEY])
        contents = [_file(**each) for each in said["files"]]
        ours = said["version"] == _VERSION and opened.schema_arrow.equals(schema())
    except (TypeError, KeyError, ValueError, AttributeError):
        contents, ours = [], False
    if not ours or sum(file.groups for file in contents) != opened.num_row_groups:
        raise LocalisError(
            f"{store} is not a file of payments that Localis wrote: move it away and import the "
            "files of payments again."
        )
    return contents


def _file(first: str | None, last: str | None, **others: Any) -> File:  # noqa: ANN401 - JSON
    begin, end = (day and dt.date.fromisoformat(day) for day in (first, last))
    return File(first=begin or None, last=end or None, **others)


def _groups(
    store: Path, groups: Iterable[int], columns: Sequence[str] | None = None
) -> Iterator[pa.Table]:
    with _read_from(store) as opened:
        for group in groups:
            yield opened.read_row_group(group, columns=columns, use_threads=False)


def _kept(
    store: Path, held: Iterable[File], names: Collection[str], digests: Collection[str]
) -> _Sources:
    """SHA-256 and payments, by name, of the files that an import leaves alone."""
    kept: _Sources = {}
    start = 0
    for file in held:
        groups = range(start, start := start + file.groups)
        if file.name not in names and file.sha256 not in digests:
            kept[file.name] = (file.sha256, _groups(store, groups), _held(file))
    return kept


def _held(file: File) -> _Tally:
    return lambda: (file.rejected, file.rejected_pence, file.body)


def _write(new: Path, sources: _Sources) -> None:
    """A store of files in the order of their names."""
    import pyarrow.parquet as pq

    with pq.ParquetWriter(new, schema(), compression="zstd", write_page_checksum=True) as writer:
        contents = [_appended(writer, name, *sources[name]) for name in sorted(sources)]
        said = {"version": _VERSION, "files": [file._asdict() for file in contents]}
        writer.add_key_value_metadata({_KEY: json.dumps(said, default=str)})
    with new.open("rb+") as stream:
        os.fsync(stream.fileno())


def _appended(
    writer: ParquetWriter,
    name: str,
    sha256: str,
    tables: Iterable[pa.Table],
    rejected: _Tally,
) -> File:
    """Write a file's payments in row groups of their own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    payments = pence = groups = 0
    days: list[dt.date] = []
    for group in _regrouped(tables):
        place, file = group.schema.get_field_index("file"), pa.repeat(name, len(group))
        writer.write_table(group.set_column(place, "file", file), row_group_size=ROWS)
        payments, groups = payments + len(group), groups + 1
        pence += pc.sum(group["amount"]).as_py() or 0
        ends = pc.min_max(group["date"]).as_py().values()
        days = sorted(day for day in (*days, *ends) if day)
    first, last = (days[0], days[-1]) if days else (None, None)
    return File(name, sha256, payments, pence, first, last, groups, *rejected())


def _regrouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of `ROWS`, the last one shorter, so that chunks leave no trace."""
    import pyarrow as pa

    waiting = schema().empty_table()
    for table in tables:
        waiting = pa.concat_tables([waiting, table.select(schema().names).cast(schema())])
        while len(waiting) >= ROWS:
            yield waiting.slice(0, ROWS).combine_chunks()
            waiting = waiting.slice(ROWS)
    if len(waiting):
        yield waiting.combine_chunks()


def _refused(store: Path, error: OSError) -> LocalisError:
    return LocalisError(
        f"{store} cannot be written ({error.strerror or error}): check the folder's permissions "
        "and free space, close the file where it is open, and import the same files again."
    )
