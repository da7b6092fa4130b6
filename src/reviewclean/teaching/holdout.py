"""Style shift: how a model does on a style (a trade, a writer, a site) of promos that it was not taught.

Advertisers change their style; a filter that only knows the styles it saw is of no use next year (Heineking et al. 2026, arXiv 2603.04925).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reviewclean.judging.decide import FEW as FEW_UNITS
from reviewclean.teaching.boost import FOLDS, Flags, boost
from reviewclean.teaching.hosts import hosts_of, pools_of, study
from reviewclean.teaching.lexis import Known
from reviewclean.teaching.ngrams import Without
from reviewclean.teaching.plant import style_of
from reviewclean.teaching.points import CLUTTER
from reviewclean.teaching.running import UnitTable, plant_all, trade_of, unit_table
from reviewclean.teaching.samples import Promo, Sample

ROUNDS = 2  # of planting
QUICK = {"plan": ((150, 0.1),), "max_leaf_nodes": 63, "max_depth": 14, "max_features": 0.4, "max_bins": 63, "min_samples_leaf": 20, "l2_regularization": 5.0}
SETS = 6  # the groups are left out in so many sets: a model for each of thirty styles and each fold would take two hours
FEW = 8  # promos: with fewer, a group's share says nothing
MINED = "mined"  # promos of the pages themselves, which nobody gave a style


@dataclass(frozen=True, slots=True)
class Shift:
    """What is found of one group of promos."""

    name: str
    promos: int  # in texts as they come
    untaught: float  # share of these found by a model that saw none of the group
    taught: float  # share of these found by a model that saw others of the group
    hard: float | None  # share found of those in hard negatives, by a model that saw none of the group; None where there are few


def shifts_of(samples: Sequence[Sample], promos: Sequence[Promo], by: str, promise: float, tell: Callable[[], None] = lambda: None, seed: int = 20) -> list[Shift]:
    """Plant the promos into the samples' texts, and hold out each group of them in turn."""
    studied = study(samples)
    hosts = hosts_of(studied)
    pools = pools_of(studied, promos, hosts)
    texts, known = plant_all(hosts, pools, ROUNDS, seed), Known(hosts, pools)
    return hold_out(unit_table(texts, known), by, promise, seed, lambda without: unit_table(texts, known.without(without)), tell)


def hold_out(units: UnitTable, by: str, promise: float, seed: int, again: Callable[[Without], UnitTable], tell: Callable[[], None] = lambda: None) -> list[Shift]:
    """Of each style, trade or writer of promos (or each fold of the sites): what is found of it by a model that was taught none of it, worst first.

    Every promo is judged once, by a model that saw neither its site nor its group, nor any other group of its set, at the threshold at which
    `promise` of the words of these sites' reviews would go. As in `points`, short texts are left out, which have bounds of their own, and hard
    negatives choose no threshold and are told apart. `again`: the units, measured by what promos teach without some of them.
    """
    every = units.foreign & (units.style != "") & ~np.isin(units.style, (*CLUTTER, MINED))
    promo, hard = (every & (units.count >= FEW_UNITS) & which for which in (~units.hard, units.hard))
    taught = _found(units, np.ones(len(promo), np.bool_), promise, seed, tell)
    if by == "site":
        folds = [promo & (units.fold == fold) for fold in range(FOLDS)]
        shares = [(float(taught[asked].mean()), _share(taught, hard & (units.fold == fold))) for fold, asked in enumerate(folds)]
        found = [Shift(f"sites {k}/{FOLDS}", int(asked.sum()), share, share, beside) for k, (asked, (share, beside)) in enumerate(zip(folds, shares, strict=True), 1)]
        return sorted(found, key=lambda shift: shift.untaught)
    group: npt.NDArray[np.str_] = getattr(units, by)
    names = [name for name in sorted(set(group[promo].tolist())) if name and (promo & (group == name)).sum() >= FEW]
    shifts = []
    for together in filter(None, (names[k::SETS] for k in range(SETS))):
        untaught = _found(again(_among(by, together)), ~(every & np.isin(group, together)), promise, seed, tell)
        for name in together:
            asked = promo & (group == name)
            shifts.append(Shift(name, int(asked.sum()), float(untaught[asked].mean()), float(taught[asked].mean()), _share(untaught, hard & (group == name))))
    return sorted(shifts, key=lambda shift: shift.untaught)


def _among(by: str, names: Sequence[str]) -> Without:
    """Whether a promo is of one of some styles, trades or writers, as the tables of units have them."""
    told: dict[str, Callable[[Promo], str]] = {"style": style_of, "trade": lambda promo: trade_of(promo.trade), "writer": lambda promo: promo.writer}
    return lambda promo: told[by](promo) in names


def _share(found: Flags, asked: Flags) -> float | None:
    return float(found[asked].mean()) if asked.sum() >= FEW else None


def _found(units: UnitTable, teaches: Flags, promise: float, seed: int, tell: Callable[[], None]) -> Flags:
    """Which units are taken out by models that learnt from the rows that may teach, on other sites."""
    found = np.zeros(len(units.foreign), np.bool_)
    for fold in range(FOLDS):
        here = units.fold == fold
        teach = units.use & ~here & teaches
        odds = boost(units.rows[teach], units.foreign[teach], units.importance[teach], QUICK, seed).log_odds(units.rows[here])
        host = (units.host & ~units.hard & (units.count >= FEW_UNITS))[here]
        order = np.argsort(-odds[host])
        lost = np.cumsum(units.sizes[here][host][order]) / max(units.sizes[here][host].sum(), 1)
        at = min(int(np.searchsorted(lost, promise, side="right")), len(order) - 1)
        found[here] = odds > odds[host][order][at]
        tell()
    return found
