"""The twin of the add-in that LibreOffice can run, and how it is run there.

LibreOffice cannot compile xlwings' own module, and one module that does not compile silences all.
The twin has stand-ins for it and for what talks to the officer; both write down what is asked of
them. `played` runs a play, a Sub in VBA that calls `Note` for what is to be seen, and returns what
was noted.
"""

from __future__ import annotations

import atexit
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import judges
from commissioning.addin import package, source
from commissioning.addin.vba import Kind, Module
from commissioning.evidence.pack import load

#: What the VBA of LibreOffice cannot do -> what the twin has instead, with the reason.
CANNOT = {
    # It compiles both branches of a condition.
    r"#If Mac Then.*?#Else": "",
    # It takes the word for the one of Option Base, even as the name of an argument.
    r"\bbase\b": "base_",
    # It knows neither type of Office's own library.
    r"As IRibbon(?:UI|Control)\b": "As Object",
    r"Application\.CalculateFull\b": "Application.Calculate",
    # It cannot copy an omitted argument; this is the value that it has in Excel.
    r"values\(place\) = arguments\(place\)": (
        "If IsMissing(arguments(place)) Then values(place) = CVErr(448) "
        "Else values(place) = arguments(place)"
    ),
    # It has no command bars: they say whether a dialog is open.
    r'Application\.CommandBars\("Standard"\)\.Controls\(1\)\.Enabled': "(Not xlwings.Busy)",
    # It would show its own dialog, before which nobody sits.
    r"Application\.GetOpenFilename\b": "xlwings.OpenDialog",
    # It raises no events of the application to a variable.
    r"WithEvents ": "",
}

#: What it cannot do at all: these ways through the add-in are not run there.
NOT_RUN = {
    "the help of the function wizard": "LocalisHelp.LocalisRegisterHelp",
    "the function wizard": "Application.Dialogs(xlDialogFunctionWizard).Show",
    "whether a dialog is open": 'Note Application.CommandBars("Standard").Controls.Count',
    "tables, and so which workbook is a commissioning workbook": (
        "Note LocalisIsCommissioning(ActiveWorkbook)"
    ),
    "links to other workbooks": "Note Shown(ActiveWorkbook.LinkSources(xlExcelLinks))",
    "the place that a function is called from": "If Application.Caller Is Nothing Then Note 1",
}

_STAND_INS = {
    "xlwings": (
        Kind.STANDARD,
        """\
Attribute VB_Name = "xlwings"
Option Explicit
Public Const XLWINGS_VERSION As String = "0"
Public Interpreter As String
Public Fails As Boolean
Public Dies As Boolean
Public Busy As Boolean
Public Refuses As String
Public Answer As Variant
Public Chosen As Variant
Public Function OpenDialog(filter, index, title, button, several) As Variant
    Note "choose " & title & " " & filter & " " & several
    OpenDialog = Chosen
End Function
Public Function XLPy() As Object
    Note "start"
    If Fails Then Err.Raise 1000, "xlwings", "no server"
    Set XLPy = New StandIn
End Function
Public Function GetConfig(configKey As String) As Variant
    GetConfig = ""
    If configKey = "INTERPRETER_WIN" Then GetConfig = Interpreter
End Function
Public Function GetConfigFilePath() As String
    GetConfigFilePath = "Localis.conf"
End Function
Public Function SaveConfigToFile(control As Object, sFileName As String, sName As String, _
    sValue As String) As Boolean
    Note "save " & sName & " " & sValue
    If Fails Then Err.Raise 1000, "xlwings", "no room"
End Function
""",
    ),
    "StandIn": (
        Kind.CLASS,
        """\
Attribute VB_Name = "StandIn"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = False
Attribute VB_Exposed = False
Option Explicit
Public Function CallUDF(script, fname, args, Optional book, Optional caller) As Variant
    Note "call " & script & " " & fname & " " & Shown(args)
    If xlwings.Dies Then
        xlwings.Dies = False
        Err.Raise 462, "xlwings", "the server is gone"
    End If
    If fname = xlwings.Refuses Then Err.Raise 1000, "xlwings", "not this one"
    CallUDF = xlwings.Answer
End Function
Public Function Module(name) As Object
    Set Module = Me
End Function
Public Sub SetAttr(owner, name, value)
    Note "set " & name & " " & value.Name
End Sub
Public Sub Exec(statement)
    Note "run " & statement
    Application.Calculation = xlCalculationManual
    Application.ScreenUpdating = False
    Note "alerts " & Application.DisplayAlerts
    If xlwings.Fails Then Err.Raise 1000, "xlwings", "no server"
End Sub
""",
    ),
    "LocalisScreen": (
        Kind.STANDARD,
        """\
Attribute VB_Name = "LocalisScreen"
Option Explicit
Public Agrees As Boolean
Public Sub LocalisTell(ByVal text As String)
    Note "tell " & text
End Sub
Public Function LocalisAsk(ByVal question As String) As Boolean
    Note "ask " & question
    LocalisAsk = Agrees
End Function
""",
    ),
}

_NOTES = """\
Attribute VB_Name = "Notes"
Option Explicit
Private noted As String
Public Sub Note(ByVal text As String)
    noted = noted & text & Chr$(10)
End Sub
Public Function Taken() As String
    Taken = noted
End Function
' A value with its type. An element is looked at in its array: to LibreOffice a missing one that is
' passed on is an argument that is not there.
Public Function Shown(ByVal value As Variant) As String
    Dim row As Long, column As Long, last As Long
    If Not IsArray(value) Then
        Shown = OneShown(Array(value), 0)
        Exit Function
    End If
    last = -1
    On Error Resume Next
    last = UBound(value, 2)
    On Error GoTo 0
    Shown = "["
    For row = LBound(value) To UBound(value)
        If row > LBound(value) Then Shown = Shown & IIf(last = -1, ", ", "; ")
        If last = -1 Then
            Shown = Shown & OneShown(value, row)
        Else
            For column = LBound(value, 2) To last
                If column > LBound(value, 2) Then Shown = Shown & ", "
                Shown = Shown & OneShown(Array(value(row, column)), 0)
            Next column
        End If
    Next row
    Shown = Shown & "]"
End Function
Private Function OneShown(values As Variant, ByVal place As Long) As String
    If IsError(values(place)) Then
        OneShown = "error " & CLng(values(place))
    ElseIf IsArray(values(place)) Then
        OneShown = Shown(values(place))
    ElseIf IsEmpty(values(place)) Then
        OneShown = "blank"
    ElseIf IsObject(values(place)) Then
        OneShown = Shown(values(place).Value)
    ElseIf VarType(values(place)) = vbString Then
        OneShown = "'" & values(place) & "'"
    Else
        OneShown = CStr(values(place))
    End If
End Function
"""

_PLAY = """\
Attribute VB_Name = "Play"
Option Explicit
Public Function Played() As String
    Play
    Played = Taken()
End Function
"""

#: LibreOffice's own Basic: loads the twin, runs the play, writes down what was noted.
_DIRECTOR = """\
Sub Main
    Dim options(2) As New com.sun.star.beans.PropertyValue
    options(0).Name = "FilterName" : options(0).Value = "Calc MS Excel 2007 VBA XML"
    options(1).Name = "MacroExecutionMode" : options(1).Value = 4
    options(2).Name = "Hidden" : options(2).Value = True
    text = "LibreOffice stopped"
    On Error GoTo finish
    twin = StarDesktop.loadComponentFromURL("{twin}", "_blank", 0, options())
    script = twin.getScriptProvider().getScript( _
        "vnd.sun.star.script:Localis.Play.Played?language=Basic&amp;location=document")
    text = script.invoke(Array(), Array(), Array())
    On Error GoTo 0
finish:
    If Err &lt;&gt; 0 Then text = text &amp; ": " &amp; Err &amp; " " &amp; Error$
    file = createUnoService("com.sun.star.ucb.SimpleFileAccess").openFileWrite("{out}")
    stream = createUnoService("com.sun.star.io.TextOutputStream")
    stream.setOutputStream(file)
    stream.writeString(text)
    stream.closeOutput()
    StarDesktop.terminate()
End Sub
"""

# At its first start LibreOffice would put its own library in the place of ours.
_SETTINGS = """\
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/Office">
<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LIBRARY = "http://openoffice.org/2000/library"


def twin_modules() -> list[Module]:
    """The add-in's modules with the stand-ins, and with what LibreOffice can do."""
    kept = [m for m in source.modules() if m.name not in {*_STAND_INS, "Dictionary"}]
    return [
        *(module._replace(text=_simpler(module.text)) for module in kept),
        *(Module(name, kind, _lines(text)) for name, (kind, text) in _STAND_INS.items()),
        Module("Notes", Kind.STANDARD, _lines(_NOTES)),
    ]


def played(play: str, extra: tuple[Module, ...] = ()) -> list[str]:
    """What was noted while the play, the body of a Sub, ran in the twin."""
    modules = [
        *twin_modules(),
        *extra,
        Module("Play", Kind.STANDARD, _lines(f"{_PLAY}Private Sub Play()\n{play}\nEnd Sub\n")),
    ]
    folder = _folder()
    twin, out = folder / "twin.xlam", folder / "noted.txt"
    twin.write_bytes(package.packed(modules, load()))
    for old in folder.glob("*.backup-*"):
        old.unlink()
    out.unlink(missing_ok=True)
    profile = _profile(folder, twin, out)
    program = judges.require("soffice")
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--norestore", "macro:///Standard.Director.Main"]
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    return out.read_text(encoding="utf-8").splitlines()


@cache
def _folder() -> Path:
    """A folder until the tests end: LibreOffice's second start on a profile is quicker."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _profile(folder: Path, twin: Path, out: Path) -> Path:
    """A profile of LibreOffice whose own library has the director."""
    library = folder / "profile" / "user" / "basic" / "Standard"
    if library.exists():
        return folder / "profile"
    library.mkdir(parents=True)
    director = _DIRECTOR.format(twin=twin.as_uri(), out=out.as_uri())
    files = {
        "Director.xba": (
            '<script:module xmlns:script="http://openoffice.org/2000/script" '
            f'script:name="Director" script:language="StarBasic">{director}</script:module>'
        ),
        "script.xlb": (
            f'<library:library xmlns:library="{_LIBRARY}" library:name="Standard" '
            'library:readonly="false" library:passwordprotected="false">'
            '<library:element library:name="Director"/></library:library>'
        ),
        "dialog.xlb": (
            f'<library:library xmlns:library="{_LIBRARY}" library:name="Standard" '
            'library:readonly="false" library:passwordprotected="false"/>'
        ),
    }
    for name, text in files.items():
        (library / name).write_text(_XML + text, encoding="utf-8")
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(
        _XML + _SETTINGS, encoding="utf-8"
    )
    for kind in ("script", "dialog"):
        listed = (
            f'<library:libraries xmlns:library="{_LIBRARY}" '
            'xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" '
            f'xlink:href="$(USER)/basic/Standard/{kind}.xlb/" xlink:type="simple" '
            'library:link="false"/></library:libraries>'
        )
        (library.parent / f"{kind}.xlc").write_text(_XML + listed, encoding="utf-8")
    return folder / "profile"


def _simpler(text: str) -> str:
    for old, new in CANNOT.items():
        text = re.sub(old, new, text, flags=re.DOTALL)
    return text


def _lines(text: str) -> str:
    return "\r\n".join(text.splitlines()) + "\r\n"
