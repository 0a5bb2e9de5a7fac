"""Runs the small part of PowerShell that install.ps1 is written in, on a computer made of words.

This is our reading of the language, not PowerShell: it shows that every path of the script ends as
it should, given that PowerShell means what its documentation says. What it does not know it
refuses, so that the script cannot grow beyond what the tests run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

import tree_sitter
import tree_sitter_powershell

from cmdlets import CMDLETS, PID, SCRIPT, SWITCHES, Computer, Thing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tree_sitter import Node

_LANGUAGE = tree_sitter.Language(tree_sitter_powershell.language())

_OPERATORS = {"-eq", "-ne", "-gt", "-replace", "-and", "-or", "-not", "+", "-"}


def parsed(text: str) -> Node:
    """The syntax tree of a script, faults and all."""
    return tree_sitter.Parser(_LANGUAGE).parse(text.encode("ascii")).root_node


def nodes(root: Node, *kinds: str) -> Iterator[Node]:
    """Every node of some kinds below one, in the order of the text."""
    if root.type in kinds:
        yield root
    for child in root.children:
        yield from nodes(child, *kinds)


def text_of(node: Node) -> str:
    """The text that a node stands for."""
    return (node.text or b"").decode("ascii")


class Thrown(Exception):  # noqa: N818 - PowerShell's word
    """What `throw`, or a program that does not start, raises."""


class _Return(Exception):  # noqa: N818
    """`return`; what it returns has been put out already."""


class _Exit(Exception):  # noqa: N818
    """`exit`, with its code."""


def run(text: str, computer: Computer, **parameters: str | bool) -> int:
    """Run a script with its parameters; returns its exit code."""
    return _Interpreter(computer).script(parsed(text), parameters)


class _Interpreter:
    def __init__(self, computer: Computer) -> None:
        self.computer = computer
        self.functions: dict[str, Node] = {}
        self.scopes: list[dict[str, Any]] = [
            {
                "true": True,
                "false": False,
                "null": None,
                "pid": PID,
                "psscriptroot": SCRIPT.rpartition("\\")[0],
                "pscommandpath": SCRIPT,
                "executioncontext": Thing(SessionState=Thing(LanguageMode=computer.language)),
                "pscmdlet": None,
            }
        ]

    def script(self, root: Node, parameters: dict[str, Any]) -> int:
        assert not root.has_error
        [block] = [child for child in root.children if child.type == "param_block"]
        self.bind(block, [], {name.lower(): value for name, value in parameters.items()})
        try:
            for child in root.named_children:
                if child.type not in ("comment", "param_block"):
                    self.execute(child, [])
        except _Exit as ended:
            return int(ended.args[0])
        raise AssertionError("The script ends without an exit code.")

    # Statements

    def execute(self, node: Node, out: list[Any]) -> None:  # noqa: C901 - as many as statements
        """Run a statement; what it puts out is added to `out`."""
        match node.type:
            case "comment" | "empty_statement":
                pass
            case "statement_list" | "script_block" | "script_block_body" | "statement_block":
                self.computer.reached.add(node.start_byte)
                for child in node.named_children:
                    self.execute(child, out)
            case "function_statement":
                [name] = [c for c in node.children if c.type == "function_name"]
                self.functions[text_of(name).lower()] = node
            case "if_statement":
                self.execute_if(node, out)
            case "foreach_statement":
                variable, values, body = node.named_children
                for value in _listed(self.value(values)):
                    self.scopes[-1][_name(variable)] = value
                    self.execute(body, out)
            case "switch_statement":
                self.execute_switch(node, out)
            case "try_statement":
                self.execute_try(node, out)
            case "flow_control_statement":
                self.leave(node, out)
            case "pipeline":
                self.execute_pipeline(node, out)
            case _:
                raise _unknown(node)

    def execute_if(self, node: Node, out: list[Any]) -> None:
        condition, block, *otherwise = [c for c in node.named_children if c.type != "comment"]
        if _true(self.value(condition)):
            self.execute(block, out)
        elif otherwise:
            [clause] = otherwise
            assert clause.type == "else_clause"
            self.execute(clause.named_children[0], out)

    def execute_switch(self, node: Node, out: list[Any]) -> None:
        [condition] = nodes(node, "switch_condition")
        found = self.value(condition.named_children[0])
        for clause in nodes(node, "switch_clause"):
            case, block = clause.named_children
            if text_of(case) == "default" or self.value(case) == found:
                self.execute(block, out)
                return

    def execute_try(self, node: Node, out: list[Any]) -> None:
        block, clauses = node.named_children
        [clause] = clauses.named_children
        depth = len(self.scopes)
        try:
            self.execute(block, out)
        except Thrown as thrown:
            del self.scopes[depth:]
            self.scopes[-1]["_"] = str(thrown)
            self.execute(clause.named_children[0], out)

    def leave(self, node: Node, out: list[Any]) -> NoReturn:
        values: list[Any] = []
        for child in node.named_children:
            self.execute(child, values)
        match text_of(node.children[0]):
            case "return":
                out.extend(values)
                raise _Return
            case "throw":
                raise Thrown(_string(_single(values)))
            case "exit":
                raise _Exit(_single(values))
            case _:
                raise _unknown(node)

    def execute_pipeline(self, node: Node, out: list[Any]) -> None:
        [inner] = node.named_children
        if inner.type == "assignment_expression":
            self.assign(inner)
            return
        assert inner.type == "pipeline_chain", text_of(node)
        values: list[Any] = []
        for number, stage in enumerate(inner.named_children):
            if stage.type == "command":
                values = self.command(stage, values)
            else:
                assert number == 0
                values = _listed(self.value(stage))
        out.extend(values)

    def assign(self, node: Node) -> None:
        target, operator, source = node.named_children
        values: list[Any] = []
        self.execute(source, values)
        value = _single(values)
        # An array that is written down stays one, even of one element.
        if any(True for _ in nodes(source, "array_expression")) and _is(source, "array_expression"):
            value = values
        name = _name(target)
        if text_of(operator) == "+=":
            before = self.lookup(name)
            value = before + _listed(value) if isinstance(before, list) else before + value
        self.scopes[-1][name] = value

    # Commands

    def command(self, node: Node, given: list[Any]) -> list[Any]:
        head = node.named_children[0]
        elements = [
            each
            for part in node.named_children
            if part.type == "command_elements"
            for each in part.named_children
            if each.type != "command_argument_sep"
        ]
        if head.type == "command_invokation_operator":
            return self.native(self.value(node.named_children[1]), elements)
        name = text_of(head).lower()
        if name in self.functions:
            return self.call(self.functions[name], [self.value(each) for each in elements])
        if name in ("where-object", "foreach-object"):
            return self.each(name, elements, given)
        assert name in CMDLETS, f"The command {name} is not known here."
        return CMDLETS[name](self.computer, *self.arguments(elements))

    def each(self, name: str, elements: list[Node], given: list[Any]) -> list[Any]:
        [expression] = elements
        [block] = nodes(expression, "script_block")
        results: list[Any] = []
        for item in given:
            self.scopes.append({"_": item})
            out: list[Any] = []
            self.execute(block, out)
            self.scopes.pop()
            if name == "foreach-object":
                results += out
            elif _true(_single(out)):
                results.append(item)
        return results

    def arguments(self, elements: list[Node]) -> tuple[list[Any], dict[str, Any]]:
        positional: list[Any] = []
        named: dict[str, Any] = {}
        rest = iter(elements)
        for each in rest:
            if each.type == "command_parameter":
                name = text_of(each)[1:].lower()
                named[name] = True if name in SWITCHES else self.value(next(rest))
            else:
                positional.append(self.value(each))
        return positional, named

    def call(self, function: Node, arguments: list[Any]) -> list[Any]:
        self.scopes.append({})
        depth = len(self.scopes)
        out: list[Any] = []
        for part in function.named_children:
            if part.type == "function_parameter_declaration":
                self.bind(part, arguments, {})
        try:
            for part in function.named_children:
                if part.type == "script_block":
                    self.execute(part, out)
        except _Return:
            del self.scopes[depth:]
        self.scopes.pop()
        return out

    def bind(self, declaration: Node, positional: list[Any], named: dict[str, Any]) -> None:
        left = list(positional)
        for parameter in nodes(declaration, "script_parameter"):
            [variable] = [c for c in parameter.children if c.type == "variable"]
            [kind] = [text_of(c) for c in nodes(parameter, "type_literal")]
            name = _name(variable)
            value = named.pop(name, None)
            if value is None and left:
                value = left.pop(0)
            self.scopes[-1][name] = _cast(kind, value)
        assert not left, f"too many arguments: {left}"
        assert not named, f"unknown parameters: {named}"

    def native(self, program: str, elements: list[Node]) -> list[Any]:
        arguments: list[str] = []
        for each in elements:
            if each.type == "command_parameter":
                arguments.append(text_of(each))
            elif text_of(each) != "2>$null":
                arguments += [_string(value) for value in _listed(self.value(each))]
        self.computer.ran.append([program, *arguments])
        if program not in self.computer.programs:
            raise Thrown(f"The term '{program}' is not recognized.")
        self.scopes[0]["lastexitcode"] = self.computer.programs[program](arguments)
        return []

    # Values

    def value(self, node: Node) -> Any:  # noqa: ANN401, C901, PLR0911, PLR0912
        match node.type:
            case "variable":
                return self.variable(node)
            case "verbatim_string_characters":
                return text_of(node)[1:-1].replace("''", "'")
            case "expandable_string_literal":
                return self.expanded(node)
            case "decimal_integer_literal":
                return int(text_of(node))
            case "real_literal":
                return float(text_of(node))
            case "generic_token":
                return text_of(node)
            case "parenthesized_expression" | "sub_expression" | "array_expression" | "pipeline":
                out: list[Any] = []
                for child in [node] if node.type == "pipeline" else node.named_children:
                    self.execute(child, out)
                return out if node.type == "array_expression" else _single(out)
            case "member_access":
                return self.member(node)
            case "invokation_expression":
                return self.should_process(node)
            case _ if len(node.children) == 1:
                return self.value(node.children[0])
            case "array_literal_expression":
                return [self.value(child) for child in node.named_children]
            case _:
                return self.operation(node)

    def operation(self, node: Node) -> Any:  # noqa: ANN401, PLR0911
        operator = next(text_of(c).lower() for c in node.children if text_of(c) in _OPERATORS)
        left, right = node.named_children[0], node.named_children[-1]
        match operator:
            case "-not":
                return not _true(self.value(right))
            case "-" if len(node.named_children) == 1:
                return -self.value(right)
            case "-and":
                return _true(self.value(left)) and _true(self.value(right))
            case "-or":
                return _true(self.value(left)) or _true(self.value(right))
            case "+":
                return _listed(self.value(left)) + _listed(self.value(right))
            case "-replace":
                [pattern, replacement] = self.value(right)
                return re.sub(pattern, replacement, self.value(left), flags=re.IGNORECASE)
            case "-eq" | "-ne":
                same = _folded(self.value(left)) == _folded(self.value(right))
                return same == (operator == "-eq")
            case "-gt":
                return self.value(left) > self.value(right)
        raise _unknown(node)

    def variable(self, node: Node) -> Any:  # noqa: ANN401
        name = _name(node)
        if name.startswith("env:"):
            return self.computer.environment.get(name.removeprefix("env:").upper())
        return self.lookup(name)

    def lookup(self, name: str) -> Any:  # noqa: ANN401
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        raise AssertionError(f"${name} has no value: strict mode stops here.")

    def member(self, node: Node) -> Any:  # noqa: ANN401
        owner, name = self.value(node.named_children[0]), text_of(node.named_children[-1])
        if isinstance(owner, list) and name == "Count":
            return len(owner)
        assert isinstance(owner, Thing), text_of(node)
        return owner[name]

    def should_process(self, node: Node) -> bool:
        if not text_of(node).startswith("$PSCmdlet.ShouldProcess("):
            raise _unknown(node)
        return not self.computer.what_if

    def expanded(self, node: Node) -> str:
        text, start = text_of(node), node.start_byte
        assert "`" not in text
        for child in reversed(node.named_children):
            first, last = child.start_byte - start, child.end_byte - start
            text = text[:first] + _string(self.value(child)) + text[last:]
        return text[1:-1]


def _unknown(node: Node) -> AssertionError:
    return AssertionError(f"Not known here: {node.type}: {text_of(node)}")


def _is(node: Node, kind: str) -> bool:
    """Whether a node is nothing but one of a kind."""
    while node.type != kind:
        if len(node.children) != 1:
            return False
        node = node.children[0]
    return True


def _name(variable: Node) -> str:
    while variable.type != "variable":
        [variable] = variable.children
    return text_of(variable)[1:].lower()


def _single(values: list[Any]) -> Any:  # noqa: ANN401
    """What a pipeline's output is when it is assigned: nothing, the one value, or an array."""
    if len(values) > 1:
        return values
    return values[0] if values else None


def _listed(value: Any) -> list[Any]:  # noqa: ANN401
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _true(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, list) and len(value) == 1:
        return _true(value[0])
    return value is not None and (isinstance(value, Thing) or bool(value))


def _string(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, list):
        return " ".join(map(_string, value))
    return "" if value is None else str(value)


def _folded(value: Any) -> Any:  # noqa: ANN401
    """As -eq compares: letters in either case are the same; an array would be filtered instead."""
    assert not isinstance(value, list)
    return value.casefold() if isinstance(value, str) else value


def _cast(kind: str, value: Any) -> Any:  # noqa: ANN401
    casts: dict[str, Callable[[Any], Any]] = {
        "[string]": _string,
        "[string[]]": lambda each: [_string(item) for item in _listed(each)],
        "[switch]": _true,
    }
    return casts[kind](value)


def read(path: Path) -> str:
    """A script's text, which Windows PowerShell reads as it stands only where it is ASCII."""
    return path.read_text(encoding="ascii")
