from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import copied, load_anew, rows, write_rows

from commissioning.errors import EvidenceError
from commissioning.evidence import claims, pack

if TYPE_CHECKING:
    from pathlib import Path

FILES = ["datapackage.json", *(f"{name}.csv" for name in pack.ROWS)]


def use(folder: Path) -> None:
    """Load a pack and work with it; the only thing that may go wrong is an `EvidenceError`."""
    try:
        evidence = load_anew(folder)
    except EvidenceError as error:
        message = str(error)
        assert message.startswith(str(folder))
        assert message.isprintable()
    else:
        claims.work_out_all(evidence)


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack to break: each example puts the file it breaks back."""
    return copied(tmp_path_factory.mktemp("fuzz"))


@settings(deadline=None)
@given(data=st.data())
def test_any_text_in_any_cells_gives_a_pack_or_one_clear_sentence(
    data: st.DataObject, playground: Path
) -> None:
    name = data.draw(st.sampled_from([*pack.ROWS]), label="table")
    file = playground / f"{name}.csv"
    cells = rows(file)
    before = file.read_bytes()
    cell = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
        ["0", "1", "-1", "93", "1e9", "999999999999999", "outlook", "single", "d", "a", "in-house"]
    )
    for _ in range(data.draw(st.integers(1, 3), label="edits")):
        row = data.draw(st.integers(0, len(cells) - 1), label="row")
        column = data.draw(st.integers(0, len(cells[0]) - 1), label="column")
        cells[row][column] = data.draw(cell, label="text")
    try:
        write_rows(file, cells)
        use(playground)
    finally:
        file.write_bytes(before)


@settings(deadline=None)
@given(data=st.data())
def test_any_bytes_in_any_file_give_a_pack_or_one_clear_sentence(
    data: st.DataObject, playground: Path
) -> None:
    file = playground / data.draw(st.sampled_from(FILES), label="file")
    before = file.read_bytes()
    start = data.draw(st.integers(0, len(before)), label="start")
    cut = data.draw(st.integers(0, 40), label="cut")
    put = data.draw(st.binary(max_size=20), label="put")
    try:
        file.write_bytes(before[:start] + put + before[start + cut :])
        use(playground)
    finally:
        file.write_bytes(before)


@settings(deadline=None)
@given(data=st.data())
def test_any_json_in_the_descriptor_gives_a_pack_or_one_clear_sentence(
    data: st.DataObject, playground: Path
) -> None:
    file = playground / "datapackage.json"
    before = file.read_bytes()
    package = json.loads(before)
    resource = data.draw(st.sampled_from(package["resources"]), label="resource")
    target = data.draw(st.sampled_from([package, resource]), label="target")
    key = data.draw(st.sampled_from(sorted(target)), label="key")
    target[key] = data.draw(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["name", "path", "schema"]), inner)
            ),
        ),
        label="value",
    )
    try:
        file.write_text(json.dumps(package), encoding="utf-8")
        use(playground)
    finally:
        file.write_bytes(before)
