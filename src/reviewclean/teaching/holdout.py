"""Style shift: how a model does on a style (a trade, a writer, a site) of promos that it was not taught.

Advertisers change their style; a filter that only knows the styles it saw is of no use next year (Heineking et al. 2026, arXiv 2603.04925).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reviewclean.judging.stems import rarity_of
from reviewclean.teaching.boost import FOLDS, Flags, boost
from reviewclean.teaching.hosts import hosts_of, pools_of, study
from reviewclean.teaching.points import CLUTTER
from reviewclean.teaching.running import UnitTable, plant_all, unit_table
from reviewclean.teaching.samples import Promo, Sample

ROUNDS = 2  # of planting
QUICK = {"plan": ((160, 0.08),), "max_leaf_nodes": 31, "max_features": 0.4, "max_bins": 63, "min_samples_leaf": 20, "l2_regularization": 5.0}
TESTED_FOLD = 0  # sites that judge; the others teach
THINNED = 2  # one unit in so many teaches: a model is fitted for each group
FEW = 8  # promos: with fewer, a group's share says nothing
MINED = "mined"  # promos of the pages themselves, which nobody gave a style


@dataclass(frozen=True, slots=True)
class Shift:
    """What is found of one group of promos."""

    name: str
    promos: int
    untaught: float  # share found by a model that saw none of the group
    taught: float  # share found by a model that saw others of the group


def shifts_of(samples: Sequence[Sample], promos: Sequence[Promo], by: str, promise: float, tell: Callable[[], None] = lambda: None, seed: int = 20) -> list[Shift]:
    """Plant the promos into the samples' texts, and hold out each group of them in turn."""
    studied = study(samples)
    hosts = hosts_of(studied)
    rarity = rarity_of([" ".join(line.text for line in host.lines if not line.foreign) for host in hosts])
    return hold_out(unit_table(plant_all(hosts, pools_of(studied, promos, hosts), ROUNDS, seed), rarity), by, promise, seed, tell)


def hold_out(units: UnitTable, by: str, promise: float, seed: int, tell: Callable[[], None] = lambda: None) -> list[Shift]:
    """Of each style, trade or writer of promos (or each part of the sites): what is found of it by a model that was taught none of it, worst first.

    All are judged on sites that no model saw, at the threshold at which `promise` of the words of these sites' reviews would go.
    """
    if by == "site":
        return sorted((_site_fold(units, fold, promise, seed) for fold in range(FOLDS)), key=lambda shift: shift.untaught)
    group: npt.NDArray[np.str_] = getattr(units, by)
    promo = units.foreign & (units.style != "") & ~np.isin(units.style, (*CLUTTER, MINED))
    test = promo & (units.fold == TESTED_FOLD)
    names = [name for name in sorted(set(group[test].tolist())) if name and (group[test] == name).sum() >= FEW]
    taught = _found(units, np.ones(len(units.foreign), np.bool_), TESTED_FOLD, promise, seed)
    shifts = []
    for name in names:
        asked = test & (group == name)
        untaught = _found(units, ~(promo & (group == name)), TESTED_FOLD, promise, seed)
        shifts.append(Shift(name, int(asked.sum()), float(untaught[asked].mean()), float(taught[asked].mean())))
        tell()
    return sorted(shifts, key=lambda shift: shift.untaught)


def _site_fold(units: UnitTable, fold: int, promise: float, seed: int) -> Shift:
    found = _found(units, np.ones(len(units.foreign), np.bool_), fold, promise, seed)
    asked = units.foreign & (units.style != "") & ~np.isin(units.style, CLUTTER) & (units.fold == fold)
    share = float(found[asked].mean())
    return Shift(f"sites {fold + 1}/{FOLDS}", int(asked.sum()), share, share)


def _found(units: UnitTable, teaches: Flags, fold: int, promise: float, seed: int) -> Flags:
    """Which units a model would take out that learnt from the rows that may teach on other sites than those of `fold`."""
    teach = units.use & (units.fold != fold) & teaches
    teach &= np.arange(len(teach)) % THINNED == 0
    odds = boost(units.rows[teach], units.foreign[teach], units.importance[teach], QUICK, seed).log_odds(units.rows)
    host = units.host & (units.fold == fold)
    order = np.argsort(-odds[host])
    lost = np.cumsum(units.sizes[host][order]) / max(units.sizes[host].sum(), 1)
    at = min(int(np.searchsorted(lost, promise, side="right")), len(order) - 1)
    found: Flags = odds > odds[host][order][at]
    return found
