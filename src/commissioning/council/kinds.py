"""What the council's own files are: payments, a contracts register or a survey."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from commissioning.evidence.pack import Evidence

#: The kinds, by the name of their command.
KINDS: Mapping[str, str] = {
    "spend": "payments",
    "contracts": "a contracts register",
    "survey": "answers to the survey",
}
#: Those that are hardest to mistake come first.
_ASKED = ("survey", "contracts", "spend")


@contextlib.contextmanager
def right(
    kind: str, files: Sequence[Path], evidence: Evidence | None = None, into: Path | None = None
) -> Iterator[None]:
    """Read files in the block; of one that is refused is said what it seems to be instead.

    Args:
        kind: the name of the kind that the files should be of.
        files: the files.
        evidence: the survey whose answers are known; without it, that of the pack inside.
        into: the workbook to import into, if that is what is done.

    Raises:
        LocalisError: as the block, in other words where a file is of another kind.
    """
    try:
        yield
    except LocalisError:
        for path in files:
            if not _is(kind, path, evidence) and (other := _other(kind, path, evidence)):
                command = (
                    f'import {other} "{path}" --into "{into}"' if into else f'{other} "{path}"'
                )
                raise LocalisError(
                    f"{path} seems to be {KINDS[other]}, not {KINDS[kind]}: use localis {command}."
                ) from None
        raise


def _other(kind: str, path: Path, evidence: Evidence | None) -> str | None:
    return next((each for each in _ASKED if each != kind and _is(each, path, evidence)), None)


def _is(kind: str, path: Path, evidence: Evidence | None) -> bool:
    """Whether a file can be read as one of a kind."""
    from commissioning.council.contracts import register
    from commissioning.council.spend import payments
    from commissioning.council.survey import survey
    from commissioning.evidence.pack import load

    try:
        if kind == "spend":
            payments.read(path)
        elif kind == "contracts":
            register.read(path)
        else:
            survey.read([path], evidence or load())
    except LocalisError:
        return False
    return True
