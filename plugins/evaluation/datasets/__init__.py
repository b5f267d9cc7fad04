"""Results as files: the dataset `evaluation-results`, past years included."""

from __future__ import annotations

from core.exchange.registry import Dataset
from core.i18n import lazy

from .. import permissions
from ..services.past_caps import remark_on
from .results import ResultRow, dump_results, load_results

datasets = [
    Dataset(
        "evaluation-results",
        lazy("Results of evaluation"),
        ResultRow,
        load=load_results,
        dump=dump_results,
        remark=remark_on,
        permission_import=permissions.IMPORT,
        permission_export=permissions.EXPORT,
        about="result",
        guidance=(
            lazy("Results of past years are facts: caps only warn, the decision may be missing."),
            lazy("The report says which groups are over the cap of their time; so do the results."),
            lazy("One row for each subject and period; a member is counted once a period."),
            lazy("An empty level means: not rated. Points only for periods rated by points."),
        ),
        order=70,
    ),
]

__all__ = ["datasets"]
