"""The buttons of the tab Localis, declared once.

From them come the ribbon's XML, its callbacks in VBA and the README's table.
"""

from __future__ import annotations

from typing import NamedTuple

#: Letters that choose the tab after Alt; none of Excel's own tabs begins with K.
TAB_KEYTIP = "KL"

GROUPS = ("Workbook", "Refresh", "Own figures", "Tracker", "Functions", "Help")


class Button(NamedTuple):
    """A button.

    Attributes:
        id: in the ribbon, and in the name of its callback.
        group: of `GROUPS`.
        label: on the button.
        image: one of Office's own pictures, by its name.
        screentip: heading of what is shown when the mouse rests on it.
        supertip: the text under that heading.
        keytip: letters that press it after Alt and the tab's.
        python: call of a function of the package; empty where VBA does the work.
        doing: what the status bar says meanwhile.
        macro: Sub in VBA that does the work, where Python does not.
        workbook: whether it needs a commissioning workbook; disabled elsewhere.
        writes: whether it writes into the workbook; a copy is kept first.
        state: function in VBA that says whether it is switched on: it is a switch then.
        large: whether it is a large button.
        package: where its function of Python is.
    """

    id: str
    group: str
    label: str
    image: str
    screentip: str
    supertip: str
    keytip: str
    python: str = ""
    doing: str = ""
    macro: str = ""
    workbook: bool = False
    writes: bool = False
    state: str = ""
    large: bool = False
    package: str = "commissioning.excel.ribbon"

    @property
    def callback(self) -> str:
        """The Sub that the ribbon calls."""
        return f"LocalisOn{self.id}"


_COPY = "A copy of the workbook is kept beside it first."

BUTTONS = (
    Button(
        "New",
        "Workbook",
        "New",
        "FileNew",
        "New commissioning workbook",
        "Makes a commissioning workbook from the evidence, saves it where you choose and opens it.",
        "N",
        macro="LocalisNewWorkbook",
        large=True,
    ),
    Button(
        "Check",
        "Workbook",
        "Check",
        "ErrorChecking",
        "Check this workbook",
        "Puts the sheet Checks in order, recalculates and lists the checks that do not pass. "
        + _COPY,
        "C",
        python="check_workbook()",
        doing="checking the workbook",
        workbook=True,
        writes=True,
        large=True,
    ),
    Button(
        "RefreshAll",
        "Refresh",
        "All",
        "RefreshAll",
        "Refresh everything",
        "Brings survey, expenditure and recommendations up to date with the evidence. What you "
        "typed is kept. " + _COPY,
        "R",
        python="refresh_all()",
        doing="refreshing everything",
        workbook=True,
        writes=True,
        large=True,
    ),
    Button(
        "RefreshSurvey",
        "Refresh",
        "Survey",
        "ChartInsert",
        "Refresh the survey",
        "Brings the sheets on the survey up to date with the evidence. " + _COPY,
        "S",
        python="refresh_survey()",
        doing="refreshing the survey",
        workbook=True,
        writes=True,
    ),
    Button(
        "RefreshExpenditure",
        "Refresh",
        "Expenditure",
        "Calculator",
        "Refresh expenditure",
        "Brings the sheets on expenditure up to date with the evidence; your council's own "
        "figures are kept. " + _COPY,
        "E",
        python="refresh_expenditure()",
        doing="refreshing expenditure",
        workbook=True,
        writes=True,
    ),
    Button(
        "RefreshRecommendations",
        "Refresh",
        "Recommendations",
        "AcceptInvitation",
        "Refresh the recommendations",
        "Brings recommendations and actions up to date with the evidence; owners, dates and "
        "statuses are kept. " + _COPY,
        "T",
        python="refresh_recommendations()",
        doing="refreshing the recommendations",
        workbook=True,
        writes=True,
    ),
    Button(
        "ImportPayments",
        "Own figures",
        "Import payments",
        "AccountingFormat",
        "Import files of payments",
        "Reads your council's published payments over £500, one file or several at once, and puts "
        "who provides what beside the national figures. The payments are kept in a file beside the "
        "workbook. " + _COPY,
        "I",
        macro="LocalisImportPayments",
        workbook=True,
    ),
    Button(
        "ImportContracts",
        "Own figures",
        "Import contracts register",
        "SignatureLineInsert",
        "Import the contracts register",
        "Reads your council's contracts register, in one file or several, and puts it into the "
        "workbook: what ends, can be extended or is due for review. " + _COPY,
        "O",
        macro="LocalisImportContracts",
        workbook=True,
    ),
    Button(
        "ImportSurvey",
        "Own figures",
        "Import survey",
        "TableInsert",
        "Import your own survey",
        "Reads the answers of your own members and managers, as form tools export them or as "
        "counts, and puts them beside the national ones. " + _COPY,
        "V",
        macro="LocalisImportSurvey",
        workbook=True,
    ),
    Button(
        "Progress",
        "Tracker",
        "Progress",
        "PercentStyle",
        "Progress of the tracker",
        "Says how far the actions are, by recommendation, status and owner, and which are "
        "overdue. Nothing is written.",
        "P",
        python="show_progress()",
        doing="working out the progress",
        workbook=True,
        large=True,
    ),
    Button(
        "InsertFunction",
        "Functions",
        "Insert function",
        "FunctionWizard",
        "Insert a function, with help",
        "Opens Excel's function wizard with the category Localis: what each function answers, and "
        "what its arguments mean.",
        "F",
        macro="LocalisInsertFunction",
        large=True,
    ),
    Button(
        "StartPython",
        "Functions",
        "Start Python",
        "MacroPlay",
        "Start Python now",
        "Starts what works the functions out, so that the first one does not have to wait for it. "
        "Press it too when functions show #N/A because Python did not start.",
        "Y",
        macro="LocalisStartPython",
    ),
    Button(
        "StartWithExcel",
        "Functions",
        "Start with Excel",
        "AddInManager",
        "Start Python with Excel",
        "Where this is switched on, Python starts with the first workbook that you open. It is off "
        "at first: Excel then starts as quickly as without Localis.",
        "X",
        macro="LocalisStartWithExcel",
        state="LocalisStartsWithExcel",
    ),
    Button(
        "Guide",
        "Help",
        "Guide",
        "Help",
        "How to use Localis",
        "Goes to the workbook's cover, which says what to do in which order; without a "
        "commissioning workbook, says what the buttons do.",
        "G",
        python="show_guide()",
        doing="opening the guide",
        large=True,
    ),
    Button(
        "Doctor",
        "Help",
        "Doctor",
        "ControlToolboxOutlook",
        "What is wrong with Localis?",
        "Checks Python, the add-in, its settings and Office, and says what to do about each thing "
        "that is not in order.",
        "D",
        python="show()",
        doing="looking for what is wrong",
        package="commissioning.addin.doctor",
    ),
    Button(
        "RepairLinks",
        "Help",
        "Repair links",
        "HyperlinkInsert",
        "Repair links to another machine",
        "Formulas in a workbook from another machine may point at that machine's copy of Localis. "
        "Counts them, asks, and lets them use the copy on this one. " + _COPY,
        "L",
        macro="LocalisRepairLinks",
    ),
    Button(
        "About",
        "Help",
        "About",
        "Info",
        "About Localis",
        "The versions of add-in, program, evidence and xlwings.",
        "A",
        macro="LocalisAbout",
    ),
)


def markdown() -> str:
    """The table of the README: each button with what it does."""
    rows = ["| Group | Button | Keys | What it does |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {button.group} | {button.label} | Alt, {TAB_KEYTIP}, {button.keytip} "
        f"| {button.supertip} |"
        for button in BUTTONS
    ]
    return "\n".join(rows)
