"""What reading payments without being told anything costs, against pandas told everything.

Usage: python tests/benchmarks/spend.py [--runs 3] [--rows 5000000]

Whole processes, run by turns, compared by their medians. The payments are those of the real files
beside the repository, or made up where these are not there, repeated: first all in one layout and
one file, then in as many files as there are layouts. Ours finds out encoding, headings, columns and
the order of dates, cleans and checks each row; `pandas.read_csv` is told which columns to read,
which of them are amounts, dates or texts, the encoding and where the values begin. The memory is
to be the same for one file and for many. A measurement, not a test: it fails only if a command
fails, or where the two have not read the same sum.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from template import compared, measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from template import Cost

AIM = 2.0
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "council-spend"
_MADE_UP = 47


def originals(folder: Path) -> list[Path]:
    """The real files, or as many made up in one layout; the largest one first."""
    found = sorted(SHARED.glob("*/published/*.csv"))
    if not found:
        for number in range(_MADE_UP):
            path = folder / f"made-up-{number}.csv"
            rows = (
                f"Any Council,Service {n % 9},0{n % 9 + 1}/04/2017,{n},{n * 1.37:.2f},Firm {n} Ltd"
                for n in range(1, 2500)
            )
            head = "Body Name,Directorate,Payment Date,Transaction No,Net Amount,Supplier Name"
            path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
            found.append(path)
    return sorted(found, key=lambda path: -path.stat().st_size)


def repeated(source: Path, target: Path, rows: int) -> None:
    """A file of so many rows or a few more, by repeating another one's."""
    from commissioning.council.spend.payments import read

    lines = source.read_bytes().splitlines(keepends=True)
    body = read(source).decisions[0].headings.body
    head, values = lines[:body], [line for line in lines[body:] if line.strip()]
    values[-1] = values[-1].rstrip(b"\r\n") + b"\n"
    with target.open("wb") as stream:
        stream.writelines(head)
        for _ in range(-(-rows // len(values))):
            stream.writelines(values)


def write(folder: Path, rows: int) -> None:
    """The files to read, and beside them what pandas is told."""
    made = originals(folder)
    plans: dict[str, list[dict[str, Any]]] = {"one": [], "many": []}
    for kind, chosen in (("one", made[:1]), ("many", made)):
        for number, source in enumerate(chosen):
            target = folder / f"{kind}-{number}.csv"
            repeated(source, target, rows // len(chosen))
            plans[kind].append(told(target))
    for kind, plan in plans.items():
        (folder / f"{kind}.json").write_text(json.dumps(plan), encoding="utf-8")


def told(path: Path) -> dict[str, Any]:
    """All that pandas must know beforehand to read the columns that we read."""
    from commissioning.council.reading.sources import open_sources
    from commissioning.council.spend.payments import read

    decision = read(path).decisions[0]
    [source] = open_sources(path)
    columns = {code: f"column {each.column}" for code, each in decision.choices.items()}
    width = max(source.width, *(each.column + 1 for each in decision.choices.values()))
    try:
        path.read_bytes().decode()
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "cp1252"
    return {
        "path": str(path),
        "skiprows": decision.headings.body,
        "names": [f"column {at}" for at in range(width)],
        "columns": columns,
        "encoding": encoding,
        # The real files have them so; the made-up ones as councils write them.
        "date_format": "%Y-%m-%d" if SHARED.exists() else "%d/%m/%Y",
    }


def ours(folder: Path, kind: str) -> None:
    """Read the files without being told anything; print rows and pence."""
    from commissioning.council.spend.payments import read

    rows = pence = 0
    for plan in json.loads((folder / f"{kind}.json").read_text("utf-8")):
        reading = read(Path(plan["path"]))
        for _ in reading.chunks():
            pass
        rows, pence = rows + reading.read.rows, pence + reading.read.pence
    (folder / f"{kind}-ours.json").write_text(json.dumps([rows, pence]), encoding="utf-8")


def pandas(folder: Path, kind: str) -> None:
    """Read the same columns with pandas, told all about them."""
    import pandas as pd

    rows, pounds = 0, 0.0
    for plan in json.loads((folder / f"{kind}.json").read_text("utf-8")):
        columns = plan["columns"]
        dates = [columns["date"]] if "date" in columns else []
        frame = pd.read_csv(
            plan["path"],
            header=None,
            names=plan["names"],
            skiprows=plan["skiprows"],
            usecols=list(columns.values()),
            dtype={
                name: "float64" if code == "amount" else "str"
                for code, name in columns.items()
                if name not in dates
            },
            parse_dates=dates,
            date_format=plan["date_format"],
            encoding=plan["encoding"],
            on_bad_lines="skip",
        )
        rows, pounds = rows + len(frame), pounds + frame[columns["amount"]].sum()
    (folder / f"{kind}-pandas.json").write_text(json.dumps([rows, pounds]), encoding="utf-8")


def one(folder: Path) -> None:
    """Our reading of the one file."""
    ours(folder, "one")


def many(folder: Path) -> None:
    """Our reading of the many files."""
    ours(folder, "many")


def pandas_one(folder: Path) -> None:
    """The reading of the one file with pandas."""
    pandas(folder, "one")


def pandas_many(folder: Path) -> None:
    """The reading of the many files with pandas."""
    pandas(folder, "many")


STEPS: dict[str, Callable[[Path], None]] = {
    step.__name__: step for step in (one, many, pandas_one, pandas_many)
}


def report(label: str, costs: tuple[Cost, Cost]) -> None:
    """Write two lines of the table."""
    ours, other = costs
    for what, unit, mine, theirs, aim in (
        ("wall time", "s", ours.seconds, other.seconds, f"{AIM:>6.1f}"),
        ("peak memory", "MB", ours.peak_mb, other.peak_mb, ""),
    ):
        sys.stdout.write(
            f"{label + ', ' + what:<36}{mine:>9.2f} {unit:<2}{theirs:>9.2f} {unit:<2}"
            f"{mine / theirs:>7.2f}{aim}\n"
        )


def check(folder: Path, kind: str) -> None:
    """See that both have read the same sum but for rows that are no payments.

    Raises:
        SystemExit: they have not.
    """
    (rows, pence), (theirs, pounds) = (
        json.loads((folder / f"{kind}-{who}.json").read_text("utf-8")) for who in ("ours", "pandas")
    )
    # pandas takes totals for payments, skips rows that are too long, and adds up floats.
    if abs(rows - theirs) > theirs / 1000 or abs(pence / 100 - pounds) > abs(pounds) / 50:
        raise SystemExit(
            f"Not the same: {rows} rows, {pence} pence; {theirs} rows, {pounds} pounds."
        )


def main() -> None:
    """Measure and report, or take one step in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=3, help="runs of each command (default 3)")
    parser.add_argument("--rows", type=int, default=5_000_000, help="payments (default 5,000,000)")
    parser.add_argument("--step", choices=[*STEPS, "write"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step == "write":
        write(options.folder, options.rows)
        return
    if options.step:
        STEPS[options.step](options.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        step = [sys.executable, __file__, "--folder", name, "--step"]
        # A child's peak memory is never less than what this process held when it started it.
        measured([*step, "write", "--rows", str(options.rows)])
        sys.stdout.write(f"{'':<36}{'ours':>12}{'pandas':>12}{'ratio':>7}{'aim':>6}\n")
        for kind in ("one", "many"):
            costs = compared([*step, kind], [*step, f"pandas_{kind}"], options.runs)
            check(folder, kind)
            count = len(json.loads((folder / f"{kind}.json").read_text("utf-8")))
            report(f"{options.rows:,} in {count} file{'s' if count > 1 else ''}", costs)


if __name__ == "__main__":
    main()
