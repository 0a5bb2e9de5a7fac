Attribute VB_Name = "LocalisServer"
' The way of a function from a cell to Python and back.
'
' Python is started by the first function that is worked out, never when Excel starts. A server
' that cannot be started is not waited for again: cells then show #N/A at once, until the officer
' presses Start Python or Doctor.
Option Explicit
' Not among the functions that Excel offers for cells.
Option Private Module

Private Const UdfModule As String = "commissioning.excel.udfs"

' What is asked to see whether Python answers.
Private Const Probe As String = "LOCALIS_VERSION"

' The server of xlwings, kept from one call to the next: to ask xlwings for it each time would read
' its settings file for every cell.
Private server As Object

' When the server failed; 0 while it has not.
Private failedAt As Date
Private failure As String
Private wasTold As Boolean

' What Python answers to a function, with native errors in the place of their names.
Public Function LocalisCall(ByVal functionName As String, ByVal arguments As Variant) As Variant
    #If Mac Then
        LocalisCall = "The LOCALIS functions need Excel for Windows."
    #Else
        Dim reason As String
        ' An empty answer would stand in the cell as 0.
        LocalisCall = CVErr(xlErrNA)
        If failedAt <> 0 Then
            ' The start with Excel fails without a word.
            TellOnce
            Exit Function
        End If
        If DialogIsOpen() Then Exit Function
        On Error GoTo failed
        arguments = ValuesOf(arguments)
        LocalisCall = WithErrors(Asked(functionName, arguments))
        Exit Function
failed:
        reason = Err.Description
        If Answers() Then
            LocalisCall = CVErr(xlErrValue)
        Else
            Remember reason
            TellOnce
        End If
    #End If
End Function

' Whether Python answers; says what is wrong where it does not. For buttons: tries again.
Public Function LocalisReady() As Boolean
    #If Mac Then
        LocalisReady = True
    #Else
        Dim hadFailed As Boolean
        hadFailed = failedAt <> 0
        failedAt = 0
        On Error GoTo failed
        Asked Probe, Array()
        LocalisReady = True
        wasTold = False
        On Error Resume Next
        ' The cells that could not be worked out.
        If hadFailed Then Application.CalculateFull
        Exit Function
failed:
        Remember Err.Description
        wasTold = True
        LocalisTell Explained()
    #End If
End Function

' Starts Python without a word: where that fails, the first function or button says why.
Public Sub LocalisWarmUp()
    #If Not Mac Then
        On Error GoTo failed
        Asked Probe, Array()
        Exit Sub
failed:
        Remember Err.Description
    #End If
End Sub

' What starts Python: the interpreter itself and no shell, so that xlwings notices at once when it
' ends, and isolated (-I), so that no file in the folder of a workbook takes the place of a module.
Public Function LocalisCommand() As String
    LocalisCommand = """" & xlwings.GetConfig("INTERPRETER_WIN") & _
        """ -I -B -c ""import xlwings; xlwings.serve('$(CLSID)')"""
End Function

#If Not Mac Then
' Runs a statement of Python for a button, on the active workbook; LocalisReady was asked before.
Public Sub LocalisExecute(ByVal control As IRibbonControl, ByVal statement As String)
    server.SetAttr server.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook
    server.Exec statement
End Sub

' Calls a function in Python. A server that has ended since the last call is started anew, once.
Private Function Asked(ByVal functionName As String, ByVal arguments As Variant) As Variant
    Dim reason As String
    Dim mayRetry As Boolean
    mayRetry = Not server Is Nothing
    On Error GoTo failed
again:
    If server Is Nothing Then
        RequireInterpreter
        Set server = xlwings.XLPy()
    End If
    ' No workbook goes along: xlwings would look through its sheets for Python.
    Asked = server.CallUDF(UdfModule, functionName, arguments, Nothing, Application.Caller)
    Exit Function
failed:
    reason = Err.Description
    If mayRetry Then
        mayRetry = False
        Set server = Nothing
        Resume again
    End If
    Err.Raise 1001, "Localis", reason
End Function

' Whether the server that is there answers: what failed was then a single call.
Private Function Answers() As Boolean
    If server Is Nothing Then Exit Function
    On Error Resume Next
    server.CallUDF UdfModule, Probe, Array(), Nothing, Application.Caller
    Answers = (Err.Number = 0)
End Function

' Says what is wrong where Windows would only say that something is not found.
Private Sub RequireInterpreter()
    Dim interpreter As String
    interpreter = xlwings.GetConfig("INTERPRETER_WIN")
    If interpreter = "" Then
        Err.Raise 1002, "Localis", "Python is not named in " & _
            xlwings.GetConfigFilePath() & "."
    End If
    If Not IsFile(interpreter) Then
        Err.Raise 1003, "Localis", "Python is not at " & interpreter & "."
    End If
End Sub

Private Function IsFile(ByVal path As String) As Boolean
    ' The answer to what is not there is an error.
    On Error Resume Next
    IsFile = (GetAttr(path) And vbDirectory) = 0
End Function

Private Sub Remember(ByVal reason As String)
    failedAt = Now
    failure = reason
End Sub

' One message in a session, not one for each cell; none where nobody sits before Excel.
Private Sub TellOnce()
    Dim attended As Boolean
    If wasTold Then Exit Sub
    wasTold = True
    On Error Resume Next
    attended = Application.UserControl And Application.Interactive
    On Error GoTo 0
    If attended Then LocalisTell Explained()
End Sub

Private Function Explained() As String
    Dim interpreter As String
    interpreter = xlwings.GetConfig("INTERPRETER_WIN")
    Explained = "The LOCALIS functions show #N/A because Python did not answer at " & _
        Format$(failedAt, "hh:mm") & "." & vbCrLf & vbCrLf & Right$(failure, 400) & vbCrLf & _
        vbCrLf & "To try again: tab Localis, Start Python. If that does not help, install " & _
        "Localis again."
    If Not IsFile(interpreter) Then Exit Function
    Explained = Explained & " What is wrong says this line, typed into the Command Prompt:" & _
        vbCrLf & """" & interpreter & """ -m commissioning doctor"
End Function

' Whether the function wizard or another dialog waits for input: Python is not called for it.
Private Function DialogIsOpen() As Boolean
    On Error Resume Next
    DialogIsOpen = Not Application.CommandBars("Standard").Controls(1).Enabled
End Function

' The arguments with the values of ranges in the place of ranges; an omitted one stays omitted.
Private Function ValuesOf(ByVal arguments As Variant) As Variant
    Dim values() As Variant
    Dim place As Long, lastRow As Long, lastColumn As Long
    ValuesOf = arguments
    If UBound(arguments) < LBound(arguments) Then Exit Function
    ReDim values(LBound(arguments) To UBound(arguments))
    For place = LBound(arguments) To UBound(arguments)
        If IsObject(arguments(place)) Then
            With arguments(place).Worksheet.UsedRange
                lastRow = Larger(lastRow, .Row + .Rows.Count - 1)
                lastColumn = Larger(lastColumn, .Column + .Columns.Count - 1)
            End With
        End If
    Next place
    For place = LBound(arguments) To UBound(arguments)
        If IsObject(arguments(place)) Then
            values(place) = CellValues(arguments(place), lastRow, lastColumn)
        Else
            values(place) = arguments(place)
        End If
    Next place
    ValuesOf = values
End Function

' The values of a range. What reaches to the end of its sheet ends with the last used cell of the
' sheets in question: a whole column has a million cells.
Private Function CellValues(ByVal area As Range, ByVal lastRow As Long, ByVal lastColumn As Long) _
    As Variant
    Dim height As Long, width As Long
    ' Of several areas Excel would give the first one only.
    If area.Areas.Count > 1 Then
        CellValues = CVErr(xlErrValue)
        Exit Function
    End If
    height = area.Rows.Count
    width = area.Columns.Count
    If area.Row + height - 1 = area.Worksheet.Rows.Count Then
        height = Larger(1, lastRow - area.Row + 1)
    End If
    If area.Column + width - 1 = area.Worksheet.Columns.Count Then
        width = Larger(1, lastColumn - area.Column + 1)
    End If
    CellValues = area.Resize(height, width).Value
End Function

Private Function Larger(ByVal one As Long, ByVal other As Long) As Long
    Larger = IIf(one > other, one, other)
End Function

' An answer with native errors: Python gives a value, a row or rows of values.
Private Function WithErrors(ByVal answer As Variant) As Variant
    Dim row As Long, column As Long
    Select Case Dimensions(answer)
        Case 0
            answer = WithError(answer)
        Case 1
            For column = LBound(answer) To UBound(answer)
                answer(column) = WithError(answer(column))
            Next column
        Case Else
            For row = LBound(answer, 1) To UBound(answer, 1)
                For column = LBound(answer, 2) To UBound(answer, 2)
                    answer(row, column) = WithError(answer(row, column))
                Next column
            Next row
    End Select
    WithErrors = answer
End Function

Private Function Dimensions(ByVal answer As Variant) As Long
    If Not IsArray(answer) Then Exit Function
    Dimensions = 1
    ' Excel's answer to the end of a dimension that is not there is an error.
    On Error GoTo flat
    If UBound(answer, 2) >= LBound(answer, 2) Then Dimensions = 2
flat:
End Function

Private Function WithError(ByVal value As Variant) As Variant
    WithError = value
    If VarType(value) <> vbString Then Exit Function
    Select Case value
        Case "#NULL!": WithError = CVErr(xlErrNull)
        Case "#DIV/0!": WithError = CVErr(xlErrDiv0)
        Case "#VALUE!": WithError = CVErr(xlErrValue)
        Case "#REF!": WithError = CVErr(xlErrRef)
        Case "#NAME?": WithError = CVErr(xlErrName)
        Case "#NUM!": WithError = CVErr(xlErrNum)
        Case "#N/A", "#GETTING_DATA": WithError = CVErr(xlErrNA)
        ' Younger errors, which Excel 2016 does not know.
        Case "#SPILL!", "#CONNECT!", "#BLOCKED!", "#UNKNOWN!", "#FIELD!", "#CALC!"
            WithError = CVErr(xlErrValue)
    End Select
End Function
#End If
