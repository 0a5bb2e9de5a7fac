"""What xlwings can do in Excel and not in a closed file: an error that says so."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable

Class = TypeVar("Class", bound=type)

#: Name of a class -> its members that are not available; "x =" where x can only be read.
UNAVAILABLE: dict[str, frozenset[str]] = {}

#: Where an object keeps the one that it belongs to.
_OWNERS = ("_book", "_sheet", "_table")


def closed_file(base: type) -> Callable[[Class], Class]:
    """Fill in what a class lacks of the public members of one of xlwings' base classes.

    The class is not derived from it: the base class raises without a word, and for some members
    does nothing.
    """

    def fill(implementation: Class) -> Class:
        own = vars(implementation)
        lacking = set()
        for name, member in public_members(base).items():
            refuse = _refusal(f"{implementation.__name__}.{name}")
            if name not in own:
                setattr(implementation, name, _like(member, refuse))
                lacking.add(name)
            elif _is_settable(member) and isinstance(own[name], property) and not own[name].fset:
                setattr(implementation, name, own[name].setter(refuse))
                lacking.add(f"{name} =")
        UNAVAILABLE[implementation.__name__] = frozenset(lacking)
        return implementation

    return fill


def public_members(base: type) -> dict[str, object]:
    """The members of a base class and its own bases that are not private."""
    return {
        name: member
        for each in reversed(base.__mro__[:-1])
        for name, member in vars(each).items()
        if isinstance(member, FunctionType | property | staticmethod | classmethod)
        and (not name.startswith("_") or name.endswith("__"))
        and name != "__init__"
    }


def _is_settable(member: object) -> bool:
    return isinstance(member, property) and member.fset is not None


def _like(member: object, refuse: Callable[..., NoReturn]) -> object:
    return property(refuse, refuse) if isinstance(member, property) else refuse


def _refusal(name: str) -> Callable[..., NoReturn]:
    def refuse(found: object, *_: object, **__: object) -> NoReturn:
        raise WorkbookError(
            f"{_file(found)}{name} is not available for a closed file; open the workbook in Excel."
        )

    return refuse


def _file(found: Any) -> str:  # noqa: ANN401 - an object of any of the classes
    """The file that an object belongs to, with a colon; nothing for what stands above files."""
    while not hasattr(found, "document"):
        owner = next((each for each in _OWNERS if hasattr(found, each)), None)
        if owner is None:
            return ""
        found = getattr(found, owner)
    return f"{found.document.package.path.name}: "
