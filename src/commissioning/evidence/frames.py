"""The survey as pandas tables, for analysts; every statistic a call of `measures` on columns.

Nothing else imports this module, so that only who asks for a table waits for pandas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from commissioning.evidence import measures

if TYPE_CHECKING:
    from commissioning.evidence.pack import Evidence

#: Confidence of the intervals and margins.
CONFIDENCE = 0.95


def survey(evidence: Evidence) -> pd.DataFrame:
    """The single and multiple questions: one row for each option, in the order of the evidence.

    Returns:
        A table of the columns

        - question, option, label: letter of the question, code and wording of the option;
        - count, base: respondents who chose it; respondents on whom percentages are published;
        - share: count / base, a fraction;
        - low, high: ends of its 95% Wilson interval, fractions (indicative: the survey is
          self-selected);
        - printed_percent: the percentage as printed, in percent.
    """
    options = pd.DataFrame(list(evidence.options))
    bases = {question.question: question.published_base for question in evidence.questions}
    options["base"] = options["question"].map(bases)
    count, base = options["count"], options["base"]
    low, high = measures.wilson_limits(count, base, measures.critical_value(CONFIDENCE) ** 2)
    return options[["question", "option", "label", "count", "base"]].assign(
        share=measures.share(count, base),
        low=low,
        high=high,
        printed_percent=options["printed_percent"],
    )


def shift(evidence: Evidence) -> pd.DataFrame:
    """The outlook question: one row for each provider type, indexed by its code.

    Returns:
        A table of the columns

        - count_…, one for each outlook by its code: respondents;
        - fewer, same, more, total: respondents by direction ("none" counted as fewer); their sum;
        - more_share_published: more / published base, a fraction;
        - more_share, fewer_share, no_change_share: of the row total, fractions;
        - net_balance, margin: share that expects more less share that expects fewer, and half
          the width of its 95% interval, fractions;
        - weighted_balance: from -1 to 1, by the weights of the outlooks;
        - diffusion_index: from 0 to 1, ½ is no movement;
        - fewer_per_more: respondents, infinite where nobody expects more.
    """
    counts = pd.DataFrame({code: row.counts for code, row in evidence.outcomes.items()}).T
    directions = {outlook.outlook: outlook.direction for outlook in evidence.outlooks}
    fewer, same, more = (
        counts.loc[:, counts.columns.map(directions) == direction].sum(axis="columns")
        for direction in ("fewer", "same", "more")
    )
    total = counts.sum(axis="columns")
    published = pd.Series(float(evidence.outlook_question.published_base), total.index)
    error = measures.net_balance_error(more, fewer, total)
    return (
        counts.add_prefix("count_")
        .rename_axis(index="provider")
        .assign(
            fewer=fewer,
            same=same,
            more=more,
            total=total,
            more_share_published=measures.share(more, published),
            more_share=measures.share(more, total),
            fewer_share=measures.share(fewer, total),
            no_change_share=measures.share(same, total),
            net_balance=measures.net_balance(more, fewer, total),
            margin=measures.critical_value(CONFIDENCE) * error,
            weighted_balance=measures.weighted_balance(
                [counts[outlook.outlook] for outlook in evidence.outlooks],
                [outlook.weight for outlook in evidence.outlooks],
            ),
            diffusion_index=measures.diffusion_index(more, same, total),
            fewer_per_more=measures.fewer_per_more(more, fewer),
        )
    )
