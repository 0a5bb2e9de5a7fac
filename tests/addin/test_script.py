from __future__ import annotations

import re
import subprocess
import sys
import sysconfig

import pytest

from cmdlets import PARAMETERS
from judges import ROOT
from powershell import nodes, parsed, read, text_of

_SCRIPT = ROOT / "install.ps1"
_TEXT = read(_SCRIPT)
_TREE = parsed(_TEXT)

_OWN = [text_of(name) for name in nodes(_TREE, "function_name")]
_COMMANDS = [(text_of(name), name) for name in nodes(_TREE, "command_name")]


def test_the_grammar_finds_no_fault() -> None:
    assert not _TREE.has_error


@pytest.mark.parametrize(
    "line", ["$a = $b ?? 1", "$a = $b ? 1 : 2", "$a ??= 1", "if ($a) {", "'open"]
)
def test_the_grammar_takes_what_is_newer_or_broken_for_a_fault(line: str) -> None:
    assert parsed(f"{_TEXT}\n{line}\n").has_error


def test_the_script_chains_no_commands_as_only_powershell_7_can() -> None:
    chained = "pipeline_chain_tail"
    assert not list(nodes(_TREE, chained))
    assert list(nodes(parsed("pip --version && exit 1"), chained))


def test_the_script_calls_known_commands_with_known_parameters_only() -> None:
    for name, node in _COMMANDS:
        if name in _OWN:
            continue
        assert name.lower() in PARAMETERS, name
        command = node.parent
        assert command is not None
        used = {text_of(each)[1:].lower() for each in nodes(command, "command_parameter")}
        # What stands in parentheses belongs to other commands.
        within = {
            text_of(each)[1:].lower()
            for inner in nodes(command, "parenthesized_expression", "script_block")
            for each in nodes(inner, "command_parameter")
        }
        assert used - within <= PARAMETERS[name.lower()], name


def test_programs_are_started_only_where_their_failure_is_seen() -> None:
    callers = set()
    for operator in nodes(_TREE, "command_invokation_operator"):
        above = operator.parent
        while above is not None and above.type != "function_statement":
            above = above.parent
        assert above is not None
        callers.add(text_of(next(nodes(above, "function_name"))))
    assert callers == {"Invoke-Program", "Get-PythonFault"}


def test_each_function_is_called() -> None:
    called = {name for name, _ in _COMMANDS}
    assert [name for name in _OWN if name not in called] == []


def test_each_parameter_is_used_and_described() -> None:
    [block] = [child for child in _TREE.children if child.type == "param_block"]
    used = re.findall(r"\$(\w+)", _TEXT[block.end_byte :])
    for parameter in nodes(block, "script_parameter"):
        name = text_of(next(nodes(parameter, "variable")))[1:]
        assert name in used
        assert f".PARAMETER {name}\n" in _TEXT


def test_each_failure_says_what_is_wrong_and_what_to_do() -> None:
    stops = [node.parent for name, node in _COMMANDS if name == "Stop-Script"]
    assert len(stops) >= 10
    for stop in stops:
        assert stop is not None
        [elements] = [child for child in stop.children if child.type == "command_elements"]
        said = [child for child in elements.children if child.type != "command_argument_sep"]
        assert len(said) == 2, text_of(stop)


def test_the_constrained_language_is_looked_for_before_any_method_is_called() -> None:
    methods = [node.start_byte for node in nodes(_TREE, "invokation_expression")]
    [attempt] = [child for child in nodes(_TREE, "try_statement") if "exit 0" in text_of(child)]
    first = next(nodes(attempt, "command_name"))
    assert text_of(first) == "Assert-Computer"
    # Every method is called in a function, and no function before that one.
    assert all(start < attempt.start_byte for start in methods)
    [check] = [
        node
        for node in nodes(_TREE, "function_statement")
        if text_of(next(nodes(node, "function_name"))) == "Assert-Computer"
    ]
    assert not list(nodes(check, "invokation_expression"))


def test_nothing_in_the_script_needs_an_administrator_or_weakens_the_computer() -> None:
    for word in ("RunAs", "HKLM:", "Set-ExecutionPolicy", "Invoke-Expression", "Bypass", "http:"):
        assert word.casefold() not in _TEXT.casefold()


def _probe() -> str:
    [probe] = re.findall(r'\$probe = "(.*)"', _TEXT)
    # Windows PowerShell would pass on a quotation mark within an argument without its backslash.
    assert '"' not in probe
    return str(probe)


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ("", 0),
        ("import sys; sys.version_info = (3, 10, 12)", 3),
        ("import sysconfig; sysconfig.get_platform = lambda: 'win-arm64'", 4),
        ("import sys; sys.base_prefix = r'C:\\Program Files\\WindowsApps\\P'", 5),
        ("import sys; sys.modules['ensurepip'] = None", 1),
    ],
)
def test_the_question_to_a_python_is_answered_by_its_exit_code(before: str, code: int) -> None:
    probe = _probe().replace("win-amd64", sysconfig.get_platform())
    run = subprocess.run(
        [sys.executable, "-I", "-c", f"{before}\n{probe}"], capture_output=True, check=False
    )
    assert run.returncode == code
