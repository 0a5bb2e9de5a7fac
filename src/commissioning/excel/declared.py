"""The declarations of the functions LOCALIS_*, each with its help and examples.

One grammar: the thing first, then which measure of it, then options.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import NOT_AVAILABLE
from commissioning.excel import functions, own
from commissioning.excel.registry import Argument, Example, Function

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROVIDER = Argument("provider", "Code, name or alias, such as SME, VCS, in-house, large.")
_AMOUNT = "A number in any unit, or a range; a blank counts as zero."

DECLARED = (
    Function(
        "LOCALIS_SHIFT",
        "What councils expect of a type of provider: the share that expects more services from it, "
        "or another measure. Without arguments, the whole table.",
        (
            _PROVIDER,
            Argument(
                "measure",
                "more, fewer, no change, net balance, margin, weighted balance, diffusion index, "
                "ratio, expecting more, expecting fewer, total, or count and an outlook.",
            ),
            Argument(
                "base",
                "as published (the rule for shares; a base of 93 that is inferred) or row total "
                "(the rule for all else).",
            ),
        ),
        (
            Example(("SME",), 0.752688172043, "75%"),
            Example(("SME", "more", "row total"), 0.769230769231, "77%"),
            Example(("in-house", "net balance"), -0.826086956522, "-83%"),
            Example(("In House", "ratio"), 16.2, "16.2"),
            Example(("VCS", "count many more"), 11.0, "11"),
            Example(([["large"], ["SME"]], "total"), [[91.0], [91.0]]),
            Example(("charity shops",), NOT_AVAILABLE),
        ),
        functions.shift,
        functions.shift_table,
    ),
    Function(
        "LOCALIS_SURVEY",
        "A figure of the survey: the share of councils that gave an answer, or another measure. "
        "With a question alone, its table; without arguments, every question's.",
        (
            Argument("question", "a, b, c or d."),
            # "option", the usual word, is a keyword of VBA.
            Argument(
                "answer", "Code, name or alias of the answer; of the provider for question d."
            ),
            Argument(
                "measure",
                "share, count, as printed, low or high (of the 95% interval), base, answered, "
                "skipped or respondents.",
            ),
        ),
        (
            Example(("b", "yes"), 0.815533980583, "82%"),
            Example(("a", "mainly in-house", "count"), 36.0, "36"),
            Example(("b", "yes", "low"), 0.729773437426, "73%"),
            Example(("c", None, "skipped"), 27.0, "27"),
        ),
        functions.survey,
        functions.survey_table,
    ),
    Function(
        "LOCALIS_EXPENDITURE",
        "National expenditure of 2009-10 in £bn: a component of the report's calculation, or what "
        "it comes to. Without arguments, the whole table.",
        (
            Argument(
                "item",
                "procurement, contractors, employees, non-external, or contractors-share.",
            ),
        ),
        (
            Example(("non-external",), 64.767, "64.767"),
            Example(("procurement",), 62.04, "62.040"),
            Example(("contractors share",), 0.441070277240, "44%"),
        ),
        functions.expenditure,
        functions.expenditure_table,
    ),
    Function(
        "LOCALIS_NONEXTERNAL",
        "Non-external expenditure on your own figures: procurement, less external contractors, "
        "plus other employees. Cell by cell over ranges.",
        (
            Argument("procurement", _AMOUNT, optional=False, number=True),
            Argument("external_contractors", _AMOUNT, optional=False, number=True),
            Argument("other_employees", _AMOUNT, optional=False, number=True),
        ),
        (
            Example((62.040, 27.364, 30.091), 64.767, "64.767"),
            Example(([[88.1], [14.7]], [[61.7], [9.8]], [[24.6], [2.9]]), [[51.0], [7.8]]),
        ),
        functions.non_external,
    ),
    Function(
        "LOCALIS_CLAIM",
        "A published claim worked out again: the figure, or another field. Without arguments, all "
        "claims.",
        (
            Argument("claim", "Code of the claim, such as greater-role or SMEs."),
            Argument(
                "field",
                "worked out, printed, working, base, on row total, verdict, statement or where.",
            ),
        ),
        (
            Example(("SMEs", "verdict"), "Holds on inferred base only"),
            Example(("greater-role",), 0.815533980583, "82%"),
            Example(("in-house", "working"), "81 / 5"),
        ),
        functions.claim,
        functions.claim_table,
    ),
    Function(
        "LOCALIS_RECOMMENDATION",
        "A recommendation of the report: its title, or another field. Without arguments, all of "
        "them.",
        (
            Argument("number", "1 to 9, or the title."),
            Argument("field", "title, actions (how many), acting body or where."),
        ),
        (
            Example((4,), "Redefine risk"),
            Example((3, "actions"), 8.0, "8"),
        ),
        functions.recommendation,
        functions.recommendation_table,
    ),
    Function(
        "LOCALIS_PROGRESS",
        "Progress of any list of actions from 0 to 1: the mean of what their statuses stand for, "
        "or of the percentages typed for them.",
        (
            Argument(
                "statuses",
                "A range of Not started, In progress, On hold, Complete, Not applicable, Retired; "
                "or of progress from 0 to 1.",
                optional=False,
                whole=True,
            ),
            Argument("percents", "A range of percentages complete, blank where none.", whole=True),
            Argument("weights", "A range of weights; all count alike without it.", whole=True),
        ),
        (
            Example(([["Complete"], ["In progress"], ["Not applicable"]],), 0.75, "75%"),
            Example(([["Complete"], ["In progress"]], [[None], [0.2]]), 0.6, "60%"),
            Example(([["Complete"], ["Not started"]], None, [[3], [1]]), 0.75, "75%"),
        ),
        functions.progress,
    ),
    Function(
        "LOCALIS_INTERVAL",
        "Wilson's interval of a share: both ends side by side, or one of them.",
        (
            Argument("count", "Respondents with the answer.", optional=False, number=True),
            Argument("base", "Respondents who answered.", optional=False, number=True),
            Argument("bound", "low or high; both without it."),
            Argument("confidence", "Between 0 and 1; 95% without it.", number=True),
            Argument(
                "population", "How many could have answered; narrows the interval.", number=True
            ),
        ),
        (
            Example((84, 103), [[0.729773437426, 0.878604627770]], "73%, 88%"),
            Example((84, 103, "low", 0.95, 353), 0.744555811286, "74%"),
        ),
        functions.interval,
    ),
    Function(
        "LOCALIS_BALANCE",
        "The survey's balances for your own survey, from counts of none, fewer, no change, more "
        "and many more. One row of counts, or several.",
        (
            Argument(
                "counts",
                "Five cells in a row or column, or a row for each type of provider.",
                optional=False,
                whole=True,
            ),
            Argument(
                "measure",
                "net balance, margin, weighted balance, diffusion index, ratio, more, fewer, no "
                "change, expecting more, expecting fewer or total.",
            ),
        ),
        (
            Example(([[0, 7, 14, 67, 3]],), 0.692307692308, "69%"),
            Example(([[1, 5, 9, 68, 7]], "weighted"), 0.416666666667, "42%"),
        ),
        functions.balance,
    ),
    Function(
        "LOCALIS_SCENARIO",
        "Illustration, not a forecast: how much of an amount would go to a type of provider if a "
        "share of it were recommissioned.",
        (
            Argument(
                "amount", "Non-external expenditure, in any unit.", optional=False, number=True
            ),
            Argument("share", "Share recommissioned, 0 to 1.", optional=False, number=True),
            Argument("provider", "large, SME, other-public or VCS; all of them without it."),
            Argument(
                "division",
                "The provider's part, 0 to 1; in proportion to net balance without it.",
                number=True,
            ),
        ),
        (
            Example((324.3, 0.1, "SME"), 7.895491433724, "7.9"),
            Example((100, 0.5, "VCS", 0.2), 10.0, "10.0"),
        ),
        functions.scenario,
    ),
    Function(
        "LOCALIS_MARKET",
        "Who provides: the share of a group, such as a type of provider, in amounts, or how "
        "concentrated they are. With amounts and groups alone, the sum of each group.",
        (
            Argument("amounts", "A range of amounts.", optional=False, whole=True),
            Argument(
                "groups",
                "A range of as many suppliers or types of provider.",
                optional=False,
                whole=True,
            ),
            Argument("group", "One of the groups; for share and amount."),
            Argument(
                "measure",
                "share or amount of a group; amount, suppliers, HHI (0 to 10,000) or four largest "
                "(their share) of all groups.",
            ),
            Argument("labels", "A range of as many labels, such as years or services.", whole=True),
            Argument("label", "Only amounts with this label count."),
        ),
        (
            Example(([[30], [50], [20]], [["SME"], ["large"], ["SME"]], "SME"), 0.5, "50%"),
            Example(([[60], [30], [10]], [["A"], ["B"], ["C"]], None, "HHI"), 4600.0, "4600"),
            Example(
                (
                    [[60], [30], [10]],
                    [["A"], ["B"], ["A"]],
                    "A",
                    "amount",
                    [[2025], [2025], [2026]],
                    2025,
                ),
                60.0,
                "60",
            ),
        ),
        own.market,
    ),
    Function(
        "LOCALIS_COMPARE",
        "Your own survey against the national one: the difference of an answer's share, or of a "
        "provider's net balance, its interval, or what it says in words.",
        (
            Argument("question", "a, b, c or d.", optional=False),
            Argument(
                "answer",
                "Code, name or alias of the answer; of the provider for question d, where those "
                "who expect more count.",
                optional=False,
            ),
            Argument("count", "Own respondents with the answer.", optional=False, number=True),
            Argument("base", "Own respondents who answered.", optional=False, number=True),
            Argument(
                "measure",
                "difference, low or high (of its interval), own, national or verdict; or balance, "
                "balance low, balance high, own balance, national balance or balance verdict.",
            ),
            Argument("confidence", "Between 0 and 1; 95% without it.", number=True),
            Argument(
                "fewer",
                "For the balances: own respondents who expect fewer or none.",
                number=True,
            ),
        ),
        (
            Example(("b", "yes", 20, 40), -0.315533980583, "-32%"),
            Example(("b", "yes", 20, 40, "verdict"), "Lower"),
            Example(("d", "SME", 5, 8, "verdict"), "Too few to tell"),
            Example(("b", "yes", 20, 40, "high", 0.9), -0.171207860394, "-17%"),
            Example(("d", "large", 13, 39, "balance", None, 10), -0.549450549451, "-55%"),
            Example(("d", "large", 13, 39, "balance verdict", None, 10), "Lower"),
        ),
        own.compare,
    ),
    Function(
        "LOCALIS_VERSION",
        "The versions of Localis for Excel, its evidence pack and xlwings.",
        (),
        (),
        functions.version,
    ),
)

#: Every function by name, in the order of the help.
FUNCTIONS: Mapping[str, Function] = {function.name: function for function in DECLARED}
