"""Teach a finished model the habits of single sites from a few labelled pages, in seconds; on other sites nothing changes.

A logistic regression over the signs of blocks (`judging.habits`), with what the structure model says as its offset: a sign that the model is right
about already gets no weight. Whether it helps is measured on pages that were left out, before it is believed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from reviewclean.data import Label, words
from reviewclean.judging.batch import batch_of
from reviewclean.judging.habits import SIGNS, UNNAMED, Habits, look_up, signs_of
from reviewclean.judging.model import Model
from reviewclean.judging.trees import sigmoid
from reviewclean.judging.wording import Numbers
from reviewclean.teaching.hosts import Studied

Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FOLDS = 5  # of a site's pages, each judged by what the others taught
BATCH = 16  # pages
STIFFNESS = 3.0  # penalty of a squared weight, against the square root of a block's words: chosen among .1 to 25 with benchmarks/retrain.py
FEW_PAGES = 3  # of a site: fewer cannot be measured
SURE = 6.0  # log-odds: what the structure model says beyond it is not believed more


@dataclass(frozen=True, slots=True)
class Site:
    """The labelled blocks of one site's pages, one after another."""

    host: str
    pages: Ints  # (blocks,): which page each stands in
    signs: Numbers  # (blocks, SIGNS)
    odds: Doubles  # what the structure model says
    review: Flags
    sizes: Doubles  # words

    @property
    def count(self) -> int:
        return int(self.pages.max()) + 1


@dataclass(frozen=True, slots=True)
class Change:
    """Errors on pages of a site that taught nothing, in words: review that goes and clutter that stays, of all words."""

    host: str
    pages: int
    words: int
    before: int
    after: int

    @property
    def better(self) -> bool:
        return self.after < self.before


def adapt(base: Model, studied: Sequence[Studied], tell: Callable[[str], None] = lambda _: None) -> tuple[Model, tuple[Change, ...]]:
    """Learn the sites of some pages of HTML, and what that was measured to bring. Sites that get no better on pages left out are not learnt."""
    hosts = _hosts(studied)
    tell(f"{len(studied)} pages of {len(set(hosts))} sites")
    changes, parts = [], []
    for site in _sites(base, studied, hosts):
        change = _change(site, base.points["balanced"].structure[Label.REVIEW])
        if change is not None:
            changes.append(change)
            tell(f"{site.host}: {change.before} of {change.words} words wrong before, {change.after} after, on pages left out")
        if change is None or change.better:
            parts.append((site.host, *_fit(site, np.ones(len(site.odds), np.bool_))))
    return (replace(base, habits=_joined(base.habits, parts)) if parts else base), tuple(changes)


def _hosts(studied: Sequence[Studied]) -> list[str]:
    """The site of each page. Pages that do not say it are of the site that their samples name, if it has several of them, else of one together."""
    several = Counter(one.sample.site for one in studied if not one.reading.host)
    return [one.reading.host or UNNAMED + (one.sample.site if several[one.sample.site] >= FEW_PAGES else "") for one in studied]


def _sites(base: Model, studied: Sequence[Studied], hosts: Sequence[str]) -> list[Site]:
    by_host: dict[str, list[tuple[Studied, Doubles]]] = defaultdict(list)
    for start in range(0, len(studied), BATCH):
        some = studied[start : start + BATCH]
        batch = batch_of([one.reading for one in some])
        odds = base.review_odds(base.page_rows(batch))
        for one, host, mine in zip(some, hosts[start : start + BATCH], np.split(odds, np.cumsum(batch.sizes)[:-1]), strict=True):
            by_host[host].append((one, mine))
    return [_site(host, pages) for host, pages in sorted(by_host.items())]


def _site(host: str, pages: Sequence[tuple[Studied, Doubles]]) -> Site:
    scored = np.concatenate([[laid.label is not Label.META for laid in one.laid] for one, _ in pages])
    return Site(
        host,
        np.repeat(np.arange(len(pages)), [len(one.laid) for one, _ in pages])[scored],
        np.concatenate([signs_of(one.reading, host) for one, _ in pages])[scored],
        np.concatenate([odds for _, odds in pages])[scored],
        np.concatenate([[laid.review for laid in one.laid] for one, _ in pages])[scored],
        np.concatenate([[float(len(words(block.text))) for block in one.reading.blocks] for one, _ in pages])[scored],
    )


def _fit(site: Site, teach: Flags) -> tuple[Numbers, npt.NDArray[np.float32]]:
    """Signs and their weights: logistic regression with an offset and a quadratic penalty, by L-BFGS."""
    signs, column = np.unique(site.signs[teach], return_inverse=True)
    rows = np.repeat(np.arange(int(teach.sum())), SIGNS)
    table = csr_matrix((np.ones(len(rows)), (rows, column.reshape(-1))), shape=(int(teach.sum()), len(signs)))
    offset, truth, importance = np.clip(site.odds[teach], -SURE, SURE), site.review[teach], np.sqrt(site.sizes[teach] + 1.0)

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        odds = table @ weights + offset
        wrong = importance * (sigmoid(odds) - truth)
        return float((importance * (np.logaddexp(0.0, odds) - truth * odds)).sum() + STIFFNESS * (weights**2).sum() / 2), table.T @ wrong + STIFFNESS * weights

    found = minimize(loss, np.zeros(len(signs)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return signs, found.x.astype(np.float32)


def _change(site: Site, bound: float) -> Change | None:
    """Errors before and after on pages that taught nothing; None where there are too few pages to tell."""
    if site.count < FEW_PAGES:
        return None
    after = site.odds.copy()
    for fold in range(min(FOLDS, site.count)):
        out = site.pages % FOLDS == fold
        after[out] += look_up(site.signs[out], *_fit(site, ~out))[0]
    wrong = [int(site.sizes[(sigmoid(-odds) < bound) != site.review].sum()) for odds in (site.odds, after)]
    return Change(site.host, site.count, int(site.sizes.sum()), wrong[0], wrong[1])


def _joined(known: Habits, parts: Sequence[tuple[str, Numbers, npt.NDArray[np.float32]]]) -> Habits:
    """What was known, and the new: a site that was known already is learnt anew."""
    signs = np.concatenate([known.signs, *(part[1] for part in parts)])[::-1]  # of a sign that is there twice, the newer one stands first
    weights = np.concatenate([known.weights, *(part[2] for part in parts)])[::-1]
    unique, first = np.unique(signs, return_index=True)
    return Habits(tuple(sorted({*known.hosts, *(part[0] for part in parts)})), unique, weights[first])
