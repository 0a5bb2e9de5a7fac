"""Building the add-in, and writing it or its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning import files
from commissioning.addin import lint, package, source
from commissioning.addin.install import version_of
from commissioning.addin.ribbon import custom_ui
from commissioning.errors import LocalisError
from commissioning.evidence.pack import load

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.addin.vba import Module

#: In the folder of the source: what there is, module by module.
CONTENTS = "CONTENTS.txt"


def build() -> bytes:
    """The add-in; the same versions of program, evidence and xlwings give the same bytes.

    Raises:
        LocalisError: xlwings is not installed as it should be, or the add-in that came out is not
            one that Excel would run.
    """
    data = package.packed(source.modules(), load())
    if found := lint.faults(data):
        raise LocalisError(
            f"The add-in that was built is not sound: {' '.join(found)} Install Localis again; if "
            "that does not help, report this sentence."
        )
    return data


def write(path: Path, data: bytes) -> None:
    """Write a built add-in, over an older one of ours too.

    Raises:
        LocalisError: a file of that name is not ours, is open, or cannot be written.
    """
    if path.suffix.casefold() != ".xlam":
        raise LocalisError(
            f"{str(path)!r} is not the name of an add-in: choose one such as Localis.xlam."
        )
    if path.exists() and version_of(path) is None:
        raise LocalisError(f"{path} is not an add-in of this program: choose another name.")
    saved = files.write(path, data, replace=True)
    if saved:
        # It can be built again at any time, and in Excel's own folder Excel would open it too.
        saved.unlink()


def write_source(folder: Path) -> list[Path]:
    """Write every module, the ribbon and a list of them as text; returns the files.

    Raises:
        LocalisError: the folder holds other files, or cannot be written.
    """
    modules = source.modules()
    texts = {f"{module.name}{module.kind.value}": module.text.encode() for module in modules}
    texts["customUI14.xml"] = custom_ui()
    texts[CONTENTS] = _contents(modules).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = sorted({path.name for path in folder.iterdir()} - texts.keys())
        if others:
            raise LocalisError(
                f"{folder} holds other files, such as {others[0]}: choose an empty folder."
            )
        for name, text in texts.items():
            (folder / name).write_bytes(text)
    except OSError as error:
        raise LocalisError(
            f"{folder} cannot be written ({error.strerror or error}): choose another folder."
        ) from None
    return [folder / name for name in texts]


def _contents(modules: list[Module]) -> str:
    """The list of the modules: what each is, how long, and where it comes from."""
    lines = [
        f"{module.name}{module.kind.value}: {module.kind.name.lower()} module, "
        f"{module.text.count(chr(10))} lines, {_origin(module.name)}"
        for module in modules
    ]
    lines.append("customUI14.xml: the tab Localis, generated from the declarations of its buttons")
    lines += [
        "",
        "Changed in xlwings.bas, which is otherwise as xlwings has it:",
        "The module is private, and so is each procedure but for " + ", ".join(source.CALLED) + ".",
        *(f"{old}\n    became {new}" for old, new in source.CHANGES.items()),
    ]
    return "\n".join([*lines, ""])


def _origin(name: str) -> str:
    if name in source.OF_XLWINGS:
        return f"from xlwings {source.xlwings_version()}"
    return "generated from declarations" if name in source.GENERATED else "ours"
