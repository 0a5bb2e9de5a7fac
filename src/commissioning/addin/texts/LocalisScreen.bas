Attribute VB_Name = "LocalisScreen"
' What the officer is told and asked.
Option Explicit
Option Private Module

Public Sub LocalisTell(ByVal text As String)
    MsgBox text, vbInformation, "Localis"
End Sub

Public Function LocalisAsk(ByVal question As String) As Boolean
    LocalisAsk = MsgBox(question, vbOKCancel + vbQuestion, "Localis") = vbOK
End Function
