Attribute VB_Name = "LocalisMacros"
' The work behind the buttons: safety before, Python, and Excel as it was afterwards.
Option Explicit
Option Private Module

Private Const Buttons As String = "commissioning.excel.ribbon"

' Key in the settings file: whether Python starts with the first workbook.
Private Const WarmUpKey As String = "WARM UP"

Private Type ExcelState
    calculation As Variant
    screen As Boolean
    alerts As Boolean
End Type

Private helpIsThere As Boolean
Private isWarm As Boolean

' Runs a function in Python, such as "refresh_all()" of a package. One that writes into the workbook
' cannot be undone in Excel: a copy of the workbook is kept before. Only the ribbon can give a
' control: no cell and no shape of a workbook can run Python.
Public Sub LocalisRun(ByVal control As IRibbonControl, ByVal package As String, _
    ByVal task As String, ByVal doing As String, ByVal writes As Boolean)
    Dim before As ExcelState
    Dim selected As Object
    Dim statement As String
    statement = "import " & package & "; " & package & "." & task
    ' Python finds Excel by the active workbook even where none is needed.
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    If Not LocalisReady() Then Exit Sub
    If writes Then
        If Not CopyKept(ActiveWorkbook) Then Exit Sub
        Set selected = Selection
    End If
    before.calculation = Application.Calculation
    before.screen = Application.ScreenUpdating
    before.alerts = Application.DisplayAlerts
    On Error GoTo failed
    ' While somebody reads a report, Excel would complain that it waits for another application.
    Application.DisplayAlerts = False
    Application.StatusBar = "Localis: " & doing
    #If Mac Then
        xlwings.RunPython control, statement
    #Else
        LocalisExecute control, statement
    #End If
    Restore before, selected
    Exit Sub
failed:
    LocalisTell "Localis could not finish: " & Right$(Err.Description, 800)
    Restore before, selected
End Sub

' Excel as it was before, as far as it lets us.
Private Sub Restore(ByRef before As ExcelState, ByVal selected As Object)
    On Error Resume Next
    Application.Calculation = before.calculation
    Application.ScreenUpdating = before.screen
    Application.DisplayAlerts = before.alerts
    Application.StatusBar = False
    If TypeName(selected) <> "Range" Then Exit Sub
    If Not selected.Worksheet.Parent Is ActiveWorkbook Then Exit Sub
    selected.Worksheet.Activate
    selected.Select
End Sub

' Keeps a copy of a workbook beside it; where that cannot be, whether the officer goes on without.
Private Function CopyKept(ByVal book As Workbook) As Boolean
    Dim why As String
    If book.Path = "" Then
        why = "it was never saved."
    ElseIf InStr(book.Path, "://") > 0 Then
        why = "it is on OneDrive or SharePoint, which keeps a history of versions itself."
    Else
        On Error Resume Next
        book.SaveCopyAs book.Path & Application.PathSeparator & BackupName(book.Name)
        If Err.Number = 0 Then
            CopyKept = True
            Exit Function
        End If
        why = Err.Description
        On Error GoTo 0
    End If
    CopyKept = LocalisAsk("This cannot be undone, and no copy of " & book.Name & _
        " can be kept first: " & why & vbCrLf & vbCrLf & "Go on without a copy?")
End Function

' The name that 'localis' gives its backups.
Private Function BackupName(ByVal book As String) As String
    Dim dot As Long, moment As Date, seconds As Double
    dot = InStrRev(book, ".")
    moment = Now
    seconds = Timer
    BackupName = Left$(book, dot - 1) & ".backup-" & Format$(moment, "yyyymmdd") & "-" & _
        Format$(moment, "hhmmss") & "-" & _
        Format$(Int((seconds - Int(seconds)) * 1000000), "000000") & Mid$(book, dot)
End Function

' Whether a workbook has the tables by which ours are known.
Public Function LocalisIsCommissioning(ByVal book As Workbook) As Boolean
    Dim sheet As Worksheet, table As ListObject
    If book Is Nothing Then Exit Function
    For Each sheet In book.Worksheets
        For Each table In sheet.ListObjects
            If table.Name = "Provenance" Or table.Name = "Actions" Then
                LocalisIsCommissioning = True
                Exit Function
            End If
        Next table
    Next sheet
End Function

Public Sub LocalisNewWorkbook(ByVal control As IRibbonControl)
    Dim chosen As Variant
    #If Mac Then
        ' There Excel knows no filters by extension.
        chosen = Application.GetSaveAsFilename("Commissioning.xlsx")
    #Else
        chosen = Application.GetSaveAsFilename("Commissioning.xlsx", _
            "Excel workbook (*.xlsx), *.xlsx", 1, "New commissioning workbook")
    #End If
    If VarType(chosen) <> vbString Then Exit Sub
    LocalisRun control, Buttons, "new_workbook(" & PythonText(chosen) & ")", _
        "making the workbook", False
End Sub

Public Sub LocalisImportPayments(ByVal control As IRibbonControl)
    ImportOwn control, "spend", "Files of payments", "importing payments"
End Sub

Public Sub LocalisImportContracts(ByVal control As IRibbonControl)
    ' Not by its whole name: virus scanners take one word of it for a macro of old.
    ImportOwn control, "contracts", "Your contracts", "importing contracts"
End Sub

Public Sub LocalisImportSurvey(ByVal control As IRibbonControl)
    ImportOwn control, "survey", "Your own survey", "importing the survey"
End Sub

' Has files of the council's own chosen, and put into the workbook.
Private Sub ImportOwn(ByVal control As IRibbonControl, ByVal kind As String, _
    ByVal title As String, ByVal doing As String)
    Dim chosen As Variant, file As Variant
    Dim files As String
    #If Mac Then
        ' There Excel knows no filters by extension; several files at once cannot be relied on.
        chosen = Application.GetOpenFilename()
    #Else
        chosen = Application.GetOpenFilename( _
            "Tables (*.csv;*.tsv;*.txt;*.xlsx;*.xls;*.ods)," & _
            "*.csv;*.tsv;*.txt;*.xlsx;*.xls;*.ods", 1, title, , True)
    #End If
    If VarType(chosen) = vbBoolean Then Exit Sub
    If Not IsArray(chosen) Then chosen = Array(chosen)
    For Each file In chosen
        files = files & PythonText(file) & ", "
    Next file
    LocalisRun control, Buttons, "import_own('" & kind & "', [" & files & "])", doing, True
End Sub

' A text as Python writes it, in plain letters: it passes through every code page and shell.
Private Function PythonText(ByVal text As String) As String
    Dim place As Long, letter As String
    For place = 1 To Len(text)
        letter = Mid$(text, place, 1)
        If letter Like "[A-Za-z0-9]" And AscW(letter) > 0 And AscW(letter) < 128 Then
            PythonText = PythonText & letter
        Else
            PythonText = PythonText & "\u" & Right$("000" & Hex$(AscW(letter)), 4)
        End If
    Next place
    PythonText = "'" & PythonText & "'"
End Function

' Opens the function wizard. The category and the help for arguments can only be given by code, and
' only while the add-in is no add-in: therefore here, not when Excel starts.
Public Sub LocalisInsertFunction(ByVal control As IRibbonControl)
    Dim book As Workbook
    Dim wasSaved As Boolean
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    If Not helpIsThere Then
        Set book = ActiveWorkbook
        wasSaved = ThisWorkbook.Saved
        Application.ScreenUpdating = False
        ' Without the help the wizard still has every function with its description.
        On Error Resume Next
        ThisWorkbook.IsAddin = False
        LocalisHelp.LocalisRegisterHelp
        helpIsThere = True
        ThisWorkbook.IsAddin = True
        ThisWorkbook.Saved = wasSaved
        book.Activate
        Application.ScreenUpdating = True
        On Error GoTo 0
    End If
    Application.Dialogs(xlDialogFunctionWizard).Show
End Sub

' Python compares the add-in's versions with its own.
Public Sub LocalisAbout(ByVal control As IRibbonControl)
    LocalisRun control, Buttons, "show_about('" & LocalisVersion & "', '" & _
        xlwings.XLWINGS_VERSION & "')", "looking up the versions", False
End Sub

Public Sub LocalisStartPython(ByVal control As IRibbonControl)
    If LocalisReady() Then LocalisTell "Python is running."
End Sub

' The settings file keeps it from one session to the next.
Public Function LocalisStartsWithExcel() As Boolean
    ' Settings that cannot be read say nothing.
    On Error Resume Next
    LocalisStartsWithExcel = LCase$(xlwings.GetConfig(WarmUpKey)) = "true"
End Function

Public Sub LocalisStartWithExcel(ByVal control As IRibbonControl, ByVal pressed As Boolean)
    xlwings.SaveConfigToFile control, xlwings.GetConfigFilePath(), WarmUpKey, _
        IIf(pressed, "true", "false")
End Sub

' With the first workbook of a session, where that is switched on.
Public Sub LocalisWarmUpOnce()
    If isWarm Then Exit Sub
    isWarm = True
    If LocalisStartsWithExcel() Then LocalisWarmUp
End Sub

' Formulas that point at another machine's copy of the add-in point at this one.
Public Sub LocalisRepairLinks(ByVal control As IRibbonControl)
    Dim links As Variant, link As Variant, others As Long, formulas As Long
    Dim alerts As Boolean
    If Not ActiveWorkbook Is Nothing Then links = ActiveWorkbook.LinkSources(xlExcelLinks)
    If IsArray(links) Then
        For Each link In links
            If IsOtherCopy(link) Then
                others = others + 1
                formulas = formulas + FormulasWith(link)
            End If
        Next link
    End If
    If others = 0 Then
        LocalisTell "No formula points at another machine's copy of " & ThisWorkbook.Name & "."
        Exit Sub
    End If
    If Not LocalisAsk(formulas & " formulas point at another machine's copy of " & _
        ThisWorkbook.Name & ", not counting those on protected sheets. Let them use the one on " & _
        "this machine?") Then Exit Sub
    If Not CopyKept(ActiveWorkbook) Then Exit Sub
    alerts = Application.DisplayAlerts
    On Error GoTo failed
    Application.DisplayAlerts = False
    For Each link In links
        If IsOtherCopy(link) Then
            ActiveWorkbook.ChangeLink link, ThisWorkbook.FullName, xlLinkTypeExcelLinks
        End If
    Next link
    Application.DisplayAlerts = alerts
    LocalisTell formulas & " formulas repaired."
    Exit Sub
failed:
    Application.DisplayAlerts = alerts
    LocalisTell "The formulas could not all be repaired: " & Err.Description & vbCrLf & _
        "If a sheet is protected, take the protection off and try again."
End Sub

Private Function IsOtherCopy(ByVal link As String) As Boolean
    Dim ours As String
    ours = LCase$(ThisWorkbook.Name)
    IsOtherCopy = LCase$(Right$(link, Len(ours) + 1)) Like "[\/]" & ours And _
        LCase$(link) <> LCase$(ThisWorkbook.FullName)
End Function

Private Function FormulasWith(ByVal link As String) As Long
    Dim sheet As Worksheet, cell As Range, found As Range
    For Each sheet In ActiveWorkbook.Worksheets
        Set found = Nothing
        ' Excel's answer to a sheet without formulas is an error.
        On Error Resume Next
        Set found = sheet.UsedRange.SpecialCells(xlCellTypeFormulas)
        On Error GoTo 0
        If Not found Is Nothing Then
            For Each cell In found
                If InStr(1, cell.Formula, link, vbTextCompare) > 0 Then
                    FormulasWith = FormulasWith + 1
                End If
            Next cell
        End If
    Next sheet
End Function
