"""Samples to Model and card.

Three boosted models and two linear ones, all stored as arrays:

* *structure*: is this block of the page part of the article? Trained on all blocks of all pages, two learnt scores of hashed words and
  hashed class tokens among its features (each learnt on other sites than those it is used on: stacking, Wolpert 1992);
* *context*: does this unit belong to this text? Trained on texts into which promos and clutter are planted anew in every round;
* *sentence*: the same for sentences of paragraphs;
* two softmax models that name the reason.

Calibration (Platt 1999) and thresholds come from folds by site, so no page helps to choose its own threshold.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier

from reviewclean.data import Label, words
from reviewclean.errors import SampleError
from reviewclean.judging import context, features
from reviewclean.judging.decide import sentence_units, shortness, units_of
from reviewclean.judging.features import BUCKETS, DISTANCES, HEAD, Weights, bucket, step_tokens, tokens_of
from reviewclean.judging.model import FORMAT, NEVER, SURE, Model, from_content, squash
from reviewclean.judging.trees import Trees, sigmoid
from reviewclean.reading import Reading, read
from reviewclean.teaching.plant import Host, Line, Pools, planted, planted_sentences
from reviewclean.teaching.samples import Laid, Promo, Sample, lay

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Tell = Callable[[str], None]

FOLDS = 4
ROUNDS = 3  # of planting; more rounds of the same promos gain little, more different promos much
STRUCTURE = {"max_iter": 220, "learning_rate": 0.08, "max_leaf_nodes": 31, "max_depth": 9, "max_bins": 63, "min_samples_leaf": 30, "l2_regularization": 1.0}
CONTEXT = {"max_iter": 260, "learning_rate": 0.07, "max_leaf_nodes": 31, "max_depth": 9, "max_bins": 63, "min_samples_leaf": 20, "l2_regularization": 1.0}
MODES: dict[str, tuple[float, float]] = {"careful": (0.85, 0.0005), "balanced": (0.66, 0.003), "strict": (0.5, 0.01)}
"""mode -> (chance of not being review from which a block goes at the first gate; share of review text that the second gate may lose)"""
PROMO_WEIGHT = 6.0  # of a foreign unit in training, against the square root of a host unit's words
META_WEIGHT = 0.25  # bylines and headlines count less: neither wanted nor unwanted
SELLS = re.compile(
    r"\b(?:contact us|call us|get started|sign up|free trial|book (?:a|an|your)|schedule|get in touch|learn more|our team|free quote|free consultation|request a|download (?:our|the)|"
    r"try it|join (?:us|our)|shop now|order (?:now|today)|subscribe|today!|discount|% off|our services|let us)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Studied:
    """A sample, read, with its labels on its blocks."""

    sample: Sample
    reading: Reading
    laid: tuple[Laid, ...]


def study(samples: Iterable[Sample], tell: Tell = lambda _: None) -> list[Studied]:
    """Read every page and lay its labels over its blocks. Pages without a block of review teach nothing and are told."""
    studied = []
    for sample in samples:
        reading = read(sample.page)
        laid = lay(sample, reading.blocks)
        if not any(one.review for one in laid):
            tell(f"{sample.id}: none of its review is found in its page; left out")
            continue
        studied.append(Studied(sample, reading if sample.language == "" else replace(reading, about=replace(reading.about, language=sample.language)), laid))
    return studied


def fold_of(site: str, folds: int = FOLDS) -> int:
    """The fold that a site is in: by its name, so that it never changes."""
    return crc32(site.encode("utf-8")) % folds


def train(samples: Sequence[Sample], promos: Sequence[Promo], *, seed: int = 20, rounds: int = ROUNDS, tell: Tell = lambda _: None) -> Model:
    """A model from labelled samples. `tell` receives a line on every stage. Raises SampleError where there is too little to learn from."""
    start = time.perf_counter()

    def say(line: str) -> None:
        tell(f"[{time.perf_counter() - start:5.0f} s] {line}")

    studied = study(samples, say)
    pages = [s for s in studied if s.reading.tree is not None]
    sites = {s.sample.site for s in pages}
    if len(sites) < FOLDS:
        raise SampleError(f"pages of {len(sites)} sites: at least {FOLDS} are needed, so that each can be judged by what others taught; add pages of other sites")
    say(f"{len(studied)} samples read, {len(pages)} pages of {len(sites)} sites, {sum(len(s.laid) for s in pages)} blocks")

    weights, rows, truth, importance, fold = _structure_table(pages, say)
    structure_odds = np.zeros(len(rows))
    for k in range(FOLDS):
        if (out := fold == k).any():
            structure_odds[out] = _boost(rows[~out], truth[~out], importance[~out], STRUCTURE, seed).log_odds(rows[out])
    structure = _boost(rows, truth, importance, STRUCTURE, seed)
    calibration: dict[str, tuple[float, ...]] = {"structure": _platt(structure_odds[:, None], truth, importance)}
    say("structure model fitted")

    hosts = hosts_of(studied)
    rarity = context.rarity_of([context.stems([w for line in h.lines if not line.foreign for w in words(line.unit.text)]) for h in hosts])
    pools = pools_of(studied, promos)
    running = _running(hosts, pools, rarity, rounds, seed, planted_blocks=True)
    calibration["text"] = _platt(running.odds[:, None], running.lines.foreign, running.lines.importance)
    say(f"context model fitted: {len(pools.promos)} promos, {len(pools.lines)} lines, {len(pools.mined)} mined paragraphs in {len(hosts)} hosts, {rounds} rounds")
    inner = _running(hosts, pools, rarity, max(1, rounds - 1), seed, planted_blocks=False)
    calibration["sentence"] = _platt(inner.odds[:, None], inner.lines.foreign, inner.lines.importance)
    say("sentence model fitted")

    page_reasons = _page_reasons(pages, rows)
    text_reasons = _text_reasons(hosts, pools, rarity, seed)
    review_odds = structure_odds * calibration["structure"][0] + calibration["structure"][1]
    page_context = _context_of_pages(pages, review_odds, running.by_fold, rarity)
    calibration["context"] = _page_calibration(page_context, running)
    say("reasons and calibration fitted")

    points = _points(calibration, running, inner, page_context)
    held_out = {mode: _held_out(points[mode], calibration, pages, review_odds, running, inner) for mode in MODES}
    content: dict[str, Any] = {
        "word_weights": weights.word_weights.astype(np.float16),
        "token_weights": weights.token_weights.astype(np.float16),
        "rarity": rarity.astype(np.float16),
        "structure": structure.as_dict(),
        "context": running.trees.as_dict(),
        "sentence": inner.trees.as_dict(),
        "page_reasons": page_reasons,
        "text_reasons": text_reasons,
        "calibration": calibration,
        "points": points,
    }
    card = {
        "made_with": _versions(),
        "seed": seed,
        "rounds": rounds,
        "seconds": round(time.perf_counter() - start),
        "held_out": held_out,
        "saw": {
            "samples": len(studied), "pages": len(pages), "sites": len({s.sample.site for s in studied}), "blocks": sum(len(s.laid) for s in studied),
            "labels": dict(sorted(Counter(str(one.label or "not review") for s in studied for one in s.laid).items())),
            "languages": dict(sorted(Counter(s.reading.about.language or "unknown" for s in studied).items())),
            "hard_negatives": sum(s.sample.hard_negative for s in studied), "promos": len(pools.promos), "lines": len(pools.lines), "mined": len(pools.mined),
        },
    }  # fmt: skip
    say("done")
    return from_content(content, card)


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("scikit-learn", "numpy", "joblib", "lxml")} | {"format": str(FORMAT)}


# ---------------------------------------------------------------- structure


def _structure_table(pages: Sequence[Studied], say: Tell) -> tuple[Weights, Floats, npt.NDArray[np.bool_], Floats, Ints]:
    """The word and token weights of all pages, and the table that the trees learn from: each page measured with weights that other sites taught."""
    truth = np.array([one.review for s in pages for one in s.laid])
    importance = _importance(pages)
    fold = np.repeat([fold_of(s.sample.site) for s in pages], [len(s.laid) for s in pages]).astype(np.int64)
    word_table, token_table = _word_table(pages), _token_table(pages)
    by_fold = {}
    for k in range(FOLDS):
        others = fold != k
        by_fold[k] = _linear(word_table[others], token_table[others], truth[others], importance[others])
    weights = _linear(word_table, token_table, truth, importance)
    say("word and token weights fitted")
    rows = [features.measure(s.reading.blocks, s.reading.about, s.reading.page.url, by_fold[fold_of(s.sample.site)]) for s in pages]
    say("blocks measured")
    return weights, np.concatenate(rows), truth, importance, fold


def _importance(pages: Sequence[Studied]) -> Floats:
    """Weight of each block: the root of its length, every page alike in sum, bylines and headlines less."""
    weights = []
    for s in pages:
        raw = np.array([np.sqrt(len(words(b.text)) + 2.0) * (META_WEIGHT if one.label is Label.META else 1.0) for b, one in zip(s.reading.blocks, s.laid, strict=True)])
        weights.append(np.clip(raw / raw.sum() * 1000.0, 0, 60))
    flat = np.concatenate(weights)
    importance: Floats = (flat / flat.mean()).astype(np.float32)
    return importance


def _word_table(pages: Sequence[Studied]) -> sp.csr_array:
    """Hashed words of all blocks, (blocks, BUCKETS), as Weights.of_words sums them."""
    heads = (words(block.text)[:HEAD] for s in pages for block in s.reading.blocks)
    return _hashed([([bucket(word) for word in head], 1.0 / np.sqrt(len(head) + 1.0)) for head in heads], BUCKETS)


def _token_table(pages: Sequence[Studied]) -> sp.csr_array:
    """Hashed class tokens of all blocks by distance up the tree, (blocks, BUCKETS * (DISTANCES + 1))."""
    rows = []
    for s in pages:
        for block in s.reading.blocks:
            found = [
                min(distance, DISTANCES - 1) * BUCKETS + bucket(token)
                for distance, step in enumerate(reversed(block.path))
                for token in step_tokens(step.tag, step.tokens)
            ]
            rows.append((found + [DISTANCES * BUCKETS + bucket(token) for token in tokens_of(block.inner)], 1.0))
    return _hashed(rows, BUCKETS * (DISTANCES + 1))


def _hashed(rows: Sequence[tuple[list[int], float]], columns: int) -> sp.csr_array:
    starts = np.cumsum([0, *(len(found) for found, _ in rows)]).astype(np.int32)
    indices = np.fromiter((i for found, _ in rows for i in found), np.int32, int(starts[-1]))
    data = np.repeat(np.array([value for _, value in rows], np.float32), np.diff(starts))
    table = sp.csr_array((data, indices, starts), shape=(len(rows), columns))
    table.sum_duplicates()
    return table


def _linear(word_table: sp.csr_array, token_table: sp.csr_array, truth: npt.NDArray[np.bool_], importance: Floats) -> Weights:
    def fit(table: sp.csr_array) -> Floats:
        linear = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=12, tol=None, average=True, random_state=0)
        fitted: Floats = linear.fit(table, truth, sample_weight=importance).coef_[0].astype(np.float16).astype(np.float32)
        return fitted

    return Weights(fit(word_table), fit(token_table).reshape(DISTANCES + 1, BUCKETS))


def _boost(rows: Floats, truth: npt.NDArray[np.bool_], importance: Floats, settings: dict[str, Any], seed: int) -> Trees:
    """A boosted ensemble, fitted by scikit-learn and taken out of it as arrays; refuses to go on if both do not predict the same."""
    fitted = HistGradientBoostingClassifier(**settings, early_stopping=False, random_state=seed).fit(rows, truth, sample_weight=importance)
    trees = trees_of(fitted)
    probe = rows[:: max(1, len(rows) // 200)]
    if not np.allclose(sigmoid(trees.log_odds(probe)), fitted.predict_proba(probe)[:, 1], atol=1e-4):
        raise RuntimeError("the arrays do not predict what scikit-learn predicts: its tree layout has changed; adapt trees_of")
    return trees


def trees_of(fitted: HistGradientBoostingClassifier) -> Trees:
    """The trees of a fitted two-class ensemble as arrays, children of a node side by side."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    value: list[float] = []
    roots, deepest = [], 0
    for (predictor,) in fitted._predictors:
        nodes = predictor.nodes
        base = len(feature)
        roots.append(base)
        place = {0: base}
        queue = [0]
        _grow(feature, threshold, left, value, 1)
        for node_id in queue:
            node, at = nodes[node_id], place[node_id]
            deepest = max(deepest, int(node["depth"]))
            if node["is_leaf"]:
                feature[at], threshold[at], left[at], value[at] = 0, np.inf, at, float(node["value"])
                continue
            first = len(feature)
            _grow(feature, threshold, left, value, 2)
            feature[at], threshold[at], left[at] = int(node["feature_idx"]), float(node["num_threshold"]), first
            place[int(node["left"])], place[int(node["right"])] = first, first + 1
            queue += [int(node["left"]), int(node["right"])]
    return Trees(
        np.array(feature, np.int32), np.array(threshold, np.float32), np.array(left, np.int32), np.array(value, np.float32), np.array(roots, np.int32),
        deepest, float(np.ravel(fitted._baseline_prediction)[0]),
    )  # fmt: skip


def _grow(feature: list[int], threshold: list[float], left: list[int], value: list[float], count: int) -> None:
    feature += [0] * count
    threshold += [0.0] * count
    left += [0] * count
    value += [0.0] * count


def _platt(odds: npt.NDArray[np.floating], truth: npt.NDArray[np.bool_], importance: npt.NDArray[np.floating], order: tuple[int, ...] | None = None) -> tuple[float, ...]:
    """Slope (one a column) and offset that make held-out log-odds mean what they say."""
    fitted = LogisticRegression(C=100.0).fit(odds, truth, sample_weight=importance)
    found = (*(float(c) for c in fitted.coef_[0]), float(fitted.intercept_[0]))
    return tuple(found[i] for i in order) if order else found


# ---------------------------------------------------------------- context


def hosts_of(studied: Sequence[Studied]) -> list[Host]:
    """The texts to plant into: of a page, its review with the clutter that stands among it; of a text, all of it."""
    hosts = []
    for s in studied:
        at = [i for i, one in enumerate(s.laid) if one.review]
        reasons = s.sample.main is None
        first, last = max(0, at[0] - (4 if reasons else 0)), at[-1] + (9 if reasons else 1)
        lines = []
        for block, unit, one in list(zip(s.reading.blocks, units_of(s.reading.blocks), s.laid, strict=True))[first:last]:
            if one.review or reasons:
                parts = tuple(Line(part, any(x.start < b and x.end > a for x in one.spans), "span", "ad") for a, b, part in sentence_units(block)) if one.review else ()
                lines.append(Line(unit, not one.review, label="" if one.review else str(one.label or ""), scored=one.label is not Label.META, parts=parts))
        if len(lines) >= 2:
            hosts.append(Host(s.sample.site, s.reading.about.title, tuple(lines), s.reading.about.language or "en"))
    return hosts


def pools_of(studied: Sequence[Studied], promos: Sequence[Promo]) -> Pools:
    """What to plant: written promos and lines, and what pages of the samples say to sell, outside their articles."""
    mined: dict[str, str] = {}
    lines: dict[str, str] = {}
    for s in studied:
        review = [i for i, one in enumerate(s.laid) if one.review]
        for i, (block, one) in enumerate(zip(s.reading.blocks, s.laid, strict=True)):
            if one.review or block.hidden or one.label is Label.META:
                continue
            count = len(words(block.text))
            if 10 <= count <= 110 and SELLS.search(block.text):
                mined[block.text] = s.sample.site
            elif review[0] - 3 <= i < review[-1] + 10 and len(block.text) < 400:
                lines[block.text] = str(one.label or "")
    written = [p for p in promos if p.label is Label.AD]
    own = [(p.text, str(p.label)) for p in promos if p.label is not Label.AD]
    return Pools(written, own * 2 + list(lines.items()), list(mined))


@dataclass(frozen=True, slots=True)
class Lines:
    """Planted lines as columns."""

    foreign: npt.NDArray[np.bool_]
    importance: Floats
    sizes: Ints  # words
    sites: tuple[str, ...]
    styles: tuple[str, ...]
    asked: npt.NDArray[np.float64]  # log-odds asked more of each, its text being short


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model of running text, with what tells how good it is."""

    trees: Trees
    by_fold: dict[int, Trees]  # each trained without the sites and promos of its fold
    odds: npt.NDArray[np.float64]  # held-out log-odds of all lines
    lines: Lines


def _running(hosts: Sequence[Host], pools: Pools, rarity: Floats, rounds: int, seed: int, *, planted_blocks: bool) -> Fitted:
    """Plant, measure, and fit the context model (or, without `planted_blocks`, the sentence model), by folds of sites and promos, and whole."""
    rng = random.Random(seed + planted_blocks)
    tables: list[Floats] = []
    lines: list[Line] = []
    sites: list[str] = []
    asked: list[float] = []
    for _ in range(rounds):
        for host in hosts:
            # a promo is planted on sites of its own fold only, so that no promo is judged by what it taught
            mine = _of_fold(pools, fold_of(host.site))
            title, made = planted(host, mine, rng) if planted_blocks else planted_sentences(host, mine.promos, rng)
            if not made:
                continue
            tables.append(context.measure([line.unit for line in made], title, rarity))
            lines += made
            sites += [host.site] * len(made)
            asked += [shortness(len(made))] * len(made)
    rows = np.concatenate(tables)
    scored = np.array([line.scored for line in lines])
    rows, lines, sites = rows[scored], [line for line in lines if line.scored], [site for site, ok in zip(sites, scored, strict=True) if ok]
    sizes = np.array([len(words(line.unit.text)) for line in lines])
    foreign = np.array([line.foreign for line in lines])
    importance = np.where(foreign, PROMO_WEIGHT, np.sqrt(sizes + 2.0)).astype(np.float32)
    fold = np.array([fold_of(site) for site in sites])
    odds, by_fold = np.zeros(len(rows)), {}
    for k in range(FOLDS):
        out = fold == k
        by_fold[k] = _boost(rows[~out], foreign[~out], importance[~out], CONTEXT, seed)
        odds[out] = by_fold[k].log_odds(rows[out])
    trees = _boost(rows, foreign, importance, CONTEXT, seed)
    return Fitted(trees, by_fold, odds, Lines(foreign, importance, sizes, tuple(sites), tuple(line.style for line in lines), np.array(asked)[scored]))


def _of_fold(pools: Pools, fold: int) -> Pools:
    """What of the pools may be planted on sites of this fold."""
    promos = [p for p in pools.promos if fold_of(p.text) == fold]
    lines = [line for line in pools.lines if fold_of(line[0]) == fold]
    mined = [text for text in pools.mined if fold_of(text) == fold]
    return Pools(promos or pools.promos, lines or pools.lines, mined or pools.mined)


@dataclass(frozen=True, slots=True)
class PageLines:
    """Blocks of pages that passed the first gate, as the second gate meets them."""

    odds: npt.NDArray[np.float64]  # of the context model
    review: npt.NDArray[np.float64]  # log-odds of the structure model
    foreign: npt.NDArray[np.bool_]
    importance: npt.NDArray[np.float64]
    sizes: Ints


def _context_of_pages(pages: Sequence[Studied], review_odds: npt.NDArray[np.float64], by_fold: dict[int, Trees], rarity: Floats) -> PageLines:
    """Blocks of real pages that pass the first gate, with held-out log-odds of both models: what the second gate's threshold is chosen on."""
    odds, review, foreign, importance, sizes = [], [], [], [], []
    start = 0
    for s in pages:
        mine = review_odds[start : start + len(s.laid)]
        start += len(s.laid)
        inside = [i for i in range(len(s.laid)) if mine[i] > -1.0]
        if len(inside) < 2:
            continue
        rows = context.measure(units_of([s.reading.blocks[i] for i in inside]), s.reading.about.title, rarity)
        values = by_fold[fold_of(s.sample.site)].log_odds(rows)
        for i, value in zip(inside, values, strict=True):
            if s.laid[i].label is Label.META:
                continue
            size = len(words(s.reading.blocks[i].text))
            odds.append(value)
            review.append(mine[i])
            foreign.append(not s.laid[i].review)
            importance.append(np.sqrt(size + 2.0))
            sizes.append(size)
    return PageLines(np.array(odds), np.array(review), np.array(foreign), np.array(importance), np.array(sizes))


def _page_calibration(page: PageLines, running: Fitted) -> tuple[float, ...]:
    """Slope, offset and weight of the structure model's word. Clutter comes from real pages, promos from planting: to the structure model, a
    planted paragraph is as sure to be review as the paragraphs around it."""
    raw = np.concatenate((np.stack((page.odds, np.minimum(page.review, SURE)), axis=1), np.stack((running.odds, np.full(len(running.odds), SURE)), axis=1)))
    return _platt(raw, np.concatenate((page.foreign, running.lines.foreign)), np.concatenate((page.importance, running.lines.importance)), order=(0, 2, 1))


def _points(calibration: dict[str, tuple[float, ...]], running: Fitted, inner: Fitted, page: PageLines) -> dict[str, Any]:
    """Operating points: for each mode the thresholds that keep its promise on held-out sites."""

    def threshold(odds: npt.NDArray[np.float64], foreign: npt.NDArray[np.bool_], sizes: Ints, promise: float) -> float:
        """The lowest chance at which no more than `promise` of the review's words would go."""
        order = np.argsort(-odds[~foreign])
        lost = np.cumsum(sizes[~foreign][order]) / sizes[~foreign].sum()
        at = int(np.searchsorted(lost, promise, side="right"))
        bound = odds[~foreign][order][at] if at < len(order) else -10.0
        return float(np.clip(sigmoid(np.array([bound + 1e-6]))[0], 0.3, 0.9999))

    slope, offset = calibration["text"]
    text = running.odds * slope + offset - running.lines.asked
    slope, offset = calibration["sentence"]
    sentence = inner.odds * slope + offset - inner.lines.asked
    slope, offset, weight = calibration["context"]
    # blocks of real pages as they are, and the same texts with promos in them: the first alone would measure the gaps of the gold most
    both = np.concatenate((page.odds * slope + offset + weight * np.minimum(page.review, SURE), running.odds * slope + offset + weight * SURE - running.lines.asked))
    foreign, sizes = np.concatenate((page.foreign, running.lines.foreign)), np.concatenate((page.sizes, running.lines.sizes))
    points = {}
    for mode, (gate, promise) in MODES.items():
        passed = np.concatenate((sigmoid(-page.review) < gate, np.ones(len(running.odds), np.bool_)))
        points[mode] = {
            "promise": promise,
            "structure": dict.fromkeys(map(str, Label), gate),
            "context": dict.fromkeys(map(str, Label), threshold(both[passed], foreign[passed], sizes[passed], promise)),
            "text": dict.fromkeys(map(str, Label), threshold(text, running.lines.foreign, running.lines.sizes, promise)),
            # one false cut in a hundred paragraphs is too many where the user did not ask for strictness: only strict cuts sentences as yet
            "span": threshold(sentence, inner.lines.foreign, inner.lines.sizes, promise / 8) if mode == "strict" else NEVER,
        }
    return points


def _held_out(point: dict[str, Any], calibration: dict[str, tuple[float, ...]], pages: Sequence[Studied], review_odds: npt.NDArray[np.float64], running: Fitted, inner: Fitted) -> dict[str, Any]:
    """Figures of one mode on blocks and lines whose sites and promos did not teach the model that judged them; shares of words, and of promos."""
    sizes = np.array([len(words(b.text)) for s in pages for b in s.reading.blocks])
    review = np.array([one.review for s in pages for one in s.laid])
    scored = np.array([one.label is not Label.META for s in pages for one in s.laid])
    kept = sigmoid(-review_odds) < point["structure"][Label.REVIEW]
    out: dict[str, Any] = {
        "first_gate_review_kept": _share(sizes[review & kept], sizes[review]),
        "first_gate_clutter_removed": _share(sizes[~review & scored & ~kept], sizes[~review & scored]),
    }
    for name, fitted, bound in (("planted", running, point["text"][Label.AD]), ("sentences", inner, point["span"])):
        slope, offset = calibration["text" if name == "planted" else "sentence"]
        gone = sigmoid(fitted.odds * slope + offset - fitted.lines.asked) >= bound
        lines = fitted.lines
        styles = np.array(lines.styles)
        out[name] = {
            "host_lost": _share(lines.sizes[~lines.foreign & gone], lines.sizes[~lines.foreign]),
            "removed": float(gone[(styles != "") & lines.foreign].mean()),
            "by_style": {style: round(float(gone[(styles == style) & lines.foreign].mean()), 3) for style in sorted(set(styles[lines.foreign].tolist()) - {""})},
        }
    return out


def _share(part: Ints, whole: Ints) -> float:
    return round(float(part.sum() / max(whole.sum(), 1)), 5)


# ---------------------------------------------------------------- reasons


def _softmax(rows: Floats, labels: Sequence[str]) -> dict[str, Any]:
    table = squash(rows)
    mean, scale = table.mean(axis=0), table.std(axis=0) + 1e-3
    fitted = LogisticRegression(C=0.05, max_iter=300, class_weight="balanced").fit(np.clip((table - mean) / scale, -4, 4), labels)
    names = tuple(str(name) for name in fitted.classes_)
    return {"mean": mean.astype(np.float32), "scale": scale.astype(np.float32), "weight": fitted.coef_.T.astype(np.float32), "bias": fitted.intercept_.astype(np.float32), "labels": names}


def _page_reasons(pages: Sequence[Studied], rows: Floats) -> dict[str, Any]:
    flat = [one for s in pages for one in s.laid]
    at = [i for i, one in enumerate(flat) if not one.review and one.label is not None]
    return _softmax(rows[at], [str(flat[i].label) for i in at])


def _text_reasons(hosts: Sequence[Host], pools: Pools, rarity: Floats, seed: int) -> dict[str, Any]:
    rng = random.Random(seed)
    tables, labels = [], []
    for host in hosts:
        title, made = planted(host, pools, rng)
        rows = context.measure([line.unit for line in made], title, rarity)
        for row, line in zip(rows, made, strict=True):
            if line.foreign and line.label:
                tables.append(row)
                labels.append(line.label)
    return _softmax(np.stack(tables), labels)
