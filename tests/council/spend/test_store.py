from __future__ import annotations

import contextlib
import errno
import os
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.spend import store
from commissioning.errors import LocalisError
from payments_made import DAY, FEW, file, imported, payment, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A store of two files."""
    return imported(
        tmp_path, {"april.csv": [payment("Marl", 100)] * 3, "may.csv": [payment("Ling", 250)]}
    )


def held(path: Path) -> list[tuple[str, int, str, int]]:
    """File, row, supplier and pence of each payment."""
    columns = ["file", "row", "beneficiary", "amount"]
    rows = [row for found in store.tables(path, columns) for row in found.to_pylist()]
    return [tuple(row.values()) for row in rows]


def replace(path: Path, *imports: tuple[Path, pa.Table]) -> None:
    with store.replaced(path, [(each, [payments]) for each, payments in imports]):
        pass


def leftovers(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if each.name.startswith(".localis-")]


def test_the_store_has_the_workbooks_name_beside_it(tmp_path: Path) -> None:
    found = store.path_beside(tmp_path / "Commissioning.xlsx")
    assert found == tmp_path / "Commissioning payments.parquet"


def test_it_says_of_each_file_what_it_holds(plan: Path) -> None:
    april, may = store.imported(plan)
    assert april[:1] + april[2:] == ("april.csv", 3, 300, DAY, DAY, 1, 0, 0, "")
    assert may[:1] + may[2:] == ("may.csv", 1, 250, DAY, DAY, 1, 0, 0, "")
    assert len(april.sha256) == 64


def test_there_is_nothing_where_nothing_was_imported(tmp_path: Path) -> None:
    missing = tmp_path / "none.parquet"
    assert store.imported(missing) == []
    with pytest.raises(LocalisError, match="does not exist: import files"):
        store.tables(missing)


def test_a_payment_comes_back_as_it_was(tmp_path: Path) -> None:
    whole = payment(
        "Marl", -(10**12), purpose="Fees", vat=5, category="Care", transaction="T1",
        company="01234567", charity="212345", sme=True, voluntary=False, postcode="M5 4WT",
    )  # fmt: skip
    bare = {"beneficiary": "", "amount": 1}
    found = next(store.tables(imported(tmp_path, {"a.csv": [whole, bare]})))
    assert found.schema.equals(store.schema())
    first, second = found.to_pylist()
    assert first == {"file": "a.csv", "row": 2, **whole}
    assert {name: value for name, value in second.items() if value is not None} == {
        "file": "a.csv",
        "row": 3,
        **bare,
    }


def test_a_file_of_the_same_name_is_replaced_and_others_stay(plan: Path) -> None:
    again = file(plan.parent, "april.csv", "corrected")
    replace(plan, (again, table("april.csv", [payment("Fenn", 7)])))
    assert held(plan) == [("april.csv", 2, "Fenn", 7), ("may.csv", 2, "Ling", 250)]


def test_a_file_of_the_same_bytes_is_replaced_under_its_new_name(plan: Path) -> None:
    renamed = file(plan.parent, "spring.csv", "april.csv")
    replace(plan, (renamed, table("spring.csv", [payment("Marl", 100)])))
    assert [each.name for each in store.imported(plan)] == ["may.csv", "spring.csv"]
    assert held(plan) == [("may.csv", 2, "Ling", 250), ("spring.csv", 2, "Marl", 100)]


def test_without_a_file_the_store_is_as_if_it_had_never_been_imported(plan: Path) -> None:
    with store.replaced(plan, [], without=["MAY.csv"]):
        pass
    (plan.parent / "other").mkdir()
    alone = imported(plan.parent / "other", {"april.csv": [payment("Marl", 100)] * 3})
    assert plan.read_bytes() == alone.read_bytes()


@pytest.mark.parametrize(
    ("without", "message"),
    [
        ("june.csv", "no payments of june.csv to leave out; .* has those of april.csv, may.csv"),
        ("may.csv", "may.csv cannot be both imported and left out"),
    ],
)
def test_what_cannot_be_left_out_leaves_the_store_as_it_was(
    plan: Path, without: str, message: str
) -> None:
    before = plan.read_bytes()
    again = (file(plan.parent, "may.csv", "corrected"), [table("may.csv", [payment("Fenn", 7)])])
    with (
        pytest.raises(LocalisError, match=message),
        store.replaced(plan, [again], without=[without]),
    ):
        pass
    assert plan.read_bytes() == before
    assert leftovers(plan.parent) == []


def in_folders(folder: Path, text: str, *names: str) -> list[tuple[Path, pa.Table]]:
    """A file june.csv in each of the folders."""
    for name in names:
        (folder / name).mkdir(exist_ok=True, parents=True)
    files = [file(folder / name, "june.csv", f"{text} {name}") for name in names]
    return [(each, table("june.csv", [payment(text, 1)])) for each in files]


def test_files_of_one_name_are_told_apart_by_their_folders(plan: Path) -> None:
    replace(plan, *in_folders(plan.parent, "Fenn", "fenby/paid", "ling/paid"))
    names = ["april.csv", "fenby/paid/june.csv", "ling/paid/june.csv", "may.csv"]
    assert [each.name for each in store.imported(plan)] == names
    assert [row[0] for row in held(plan)[3:5]] == names[1:3]


def test_a_file_that_was_told_apart_by_its_folder_is_replaced_alone(plan: Path) -> None:
    replace(plan, *in_folders(plan.parent, "Fenn", "fenby/paid", "ling/paid"))
    replace(plan, *in_folders(plan.parent, "Corrected", "ling/paid"))
    found = [(each, supplier) for each, _, supplier, _ in held(plan) if "june" in each]
    assert found == [("fenby/paid/june.csv", "Fenn"), ("ling/paid/june.csv", "Corrected")]


def test_the_same_file_twice_is_refused(plan: Path) -> None:
    files = [file(plan.parent, "june.csv", "same"), file(plan.parent, "copy.csv", "same")]
    with pytest.raises(LocalisError, match="are the same file: leave one out"):
        replace(plan, *((each, table(each.name, [])) for each in files))


def test_the_new_store_can_be_read_before_it_takes_the_old_ones_place(plan: Path) -> None:
    june = file(plan.parent, "june.csv")
    with store.replaced(plan, [(june, [table("june.csv", [payment("Fenn", 7)])])]) as new:
        assert [each.name for each in store.imported(new)] == ["april.csv", "june.csv", "may.csv"]
        assert [each.name for each in store.imported(plan)] == ["april.csv", "may.csv"]
    assert [each.name for each in store.imported(plan)] == ["april.csv", "june.csv", "may.csv"]
    assert leftovers(plan.parent) == []


def test_an_error_in_the_block_leaves_the_old_store(plan: Path) -> None:
    before = plan.read_bytes()
    june = file(plan.parent, "june.csv")
    with pytest.raises(RuntimeError), store.replaced(plan, [(june, [])]):
        raise RuntimeError
    assert plan.read_bytes() == before
    assert leftovers(plan.parent) == []


def test_an_error_of_the_reader_leaves_the_old_store(plan: Path) -> None:
    def chunks() -> Iterator[pa.Table]:
        yield table("june.csv", [payment("Fenn", 7)])
        raise LocalisError("june.csv ends in the middle of a row.")

    before = plan.read_bytes()
    imports = [(file(plan.parent, "june.csv"), chunks())]
    with pytest.raises(LocalisError, match="middle of a row"), store.replaced(plan, imports):
        pytest.fail("the block is not entered")
    assert plan.read_bytes() == before
    assert leftovers(plan.parent) == []


def test_a_full_disk_leaves_the_old_store(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = plan.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LocalisError, match=r"cannot be written \(No space left"):
        replace(plan, (file(plan.parent, "june.csv"), table("june.csv", [])))
    assert plan.read_bytes() == before
    assert leftovers(plan.parent) == []


def test_a_store_that_somebody_changed_meanwhile_is_left_alone(plan: Path) -> None:
    june = file(plan.parent, "june.csv")
    with (
        pytest.raises(LocalisError, match="changed by somebody else"),
        store.replaced(plan, [(june, [])]),
    ):
        plan.write_bytes(b"theirs")
    assert plan.read_bytes() == b"theirs"


def test_a_link_stays_a_link(plan: Path) -> None:
    link = plan.with_name("link.parquet")
    link.symlink_to(plan)
    replace(link, (file(plan.parent, "june.csv"), table("june.csv", [payment("Fenn", 7)])))
    assert link.is_symlink()
    assert len(store.imported(plan)) == 3


def _foreign(path: Path) -> None:
    pq.write_table(pa.table({"amount": [1]}), path)


def _other_version(path: Path) -> None:
    metadata = {store._KEY: b'{"version": 2, "files": []}'}
    pq.write_table(store.schema().with_metadata(metadata).empty_table(), path)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _text(path: Path) -> None:
    path.write_text("file,amount\n", encoding="utf-8")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_foreign, _other_version, _cut, _text, _empty])
def test_a_damaged_or_foreign_file_gives_one_sentence_and_stays(plan: Path, damage: Any) -> None:  # noqa: ANN401
    damage(plan)
    before = plan.read_bytes()
    june = file(plan.parent, "june.csv")
    for act in (
        lambda: store.imported(plan),
        lambda: list(store.tables(plan)),
        lambda: replace(plan, (june, table("june.csv", []))),
    ):
        with pytest.raises(LocalisError, match=r"move it away and import .* again\.$") as caught:
            act()
        assert str(caught.value).startswith(str(plan))
        assert "\n" not in str(caught.value)
    assert plan.read_bytes() == before


@FEW
@given(st.data())
def test_a_damaged_byte_is_found_or_does_no_harm(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("store")
    path = imported(folder, {"a.csv": [payment(f"Supplier {n}", n * 7919) for n in range(300)]})
    whole, rows = path.read_bytes(), held(path)
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytes([whole[place] ^ data.draw(st.integers(1, 255))])
    path.write_bytes(whole[:place] + changed + whole[place + 1 :])
    with contextlib.suppress(LocalisError):
        assert held(path) == rows


sizes = st.lists(st.integers(0, 60), max_size=5)


@FEW
@given(st.lists(st.integers(-(10**9), 10**9), max_size=60), sizes, st.integers(1, 25))
def test_the_same_payments_give_the_same_bytes_however_they_come(
    tmp_path_factory: pytest.TempPathFactory, amounts: list[int], cuts: list[int], rows: int
) -> None:
    folder = tmp_path_factory.mktemp("store")
    source = file(folder, "a.csv")
    whole = table("a.csv", [payment("Marl", amount) for amount in amounts])
    ends = sorted({0, len(amounts), *(cut for cut in cuts if cut < len(amounts))})
    pieces = [whole.slice(start, end - start) for start, end in pairwise(ends)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ROWS", rows)
        for name, tables in (("one", [whole]), ("other", pieces)):
            with store.replaced(folder / name, [(source, tables)]):
                pass
        with store.replaced(folder / "one", [(source, [whole])]):
            pass
    assert (folder / "one").read_bytes() == (folder / "other").read_bytes()
    assert [row[3] for row in held(folder / "one")] == amounts
    groups = [len(group) for group in store.tables(folder / "one")]
    assert all(size == rows for size in groups[:-1])


steps = st.lists(
    st.dictionaries(
        st.sampled_from(["a.csv", "b.csv", "c.csv"]), st.lists(st.integers(0, 9)), max_size=3
    ),
    max_size=5,
)


@FEW
@given(steps)
def test_a_store_holds_the_last_import_of_every_file(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, list[int]]]
) -> None:
    folder = tmp_path_factory.mktemp("store")
    path, expected = folder / "Plan payments.parquet", dict[str, list[int]]()
    for number, step in enumerate(steps):
        replace(
            path,
            *(
                (
                    file(folder, name, f"{name} {number}"),
                    table(name, [payment("M", n) for n in paid]),
                )
                for name, paid in step.items()
            ),
        )
        expected |= step
        rows = [(name, paid) for name, _, _, paid in held(path)]
        assert rows == [(name, paid) for name in sorted(expected) for paid in expected[name]]
        assert {each.name: each.pence for each in store.imported(path)} == {
            name: sum(paid) for name, paid in expected.items()
        }
