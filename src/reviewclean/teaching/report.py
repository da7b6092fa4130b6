"""Figures to one self-contained HTML file: no script, nothing from outside, and whatever comes from a page is escaped.

Every chart's caption says what is to be seen in it; where there is nothing to be seen, a sentence stands in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reviewclean.data import Label, words
from reviewclean.teaching.charts import Axis, Dot, Line, Plot, as_svg, interval_bar, percent, safe
from reviewclean.teaching.curves import UNNAMED, Bin, JudgedBlock, Mistake, Tally, at_work, calibration_error, confusion, mistakes, reliability, sweep, tally
from reviewclean.teaching.evaluate import BOOTSTRAP, Score, by, figures, worst

MEASURES = {
    "review_kept": ("review kept", "of the review's words"), "clutter_removed": ("clutter removed", "of the clutter's words"),
    "spans_removed": ("spans removed", "of the foreign stretches inside review blocks"), "f1": ("word F1", "of the cleaned text, mean of pages"),
}  # fmt: skip
PAGES = 15  # shown of the worst
BLOCKS = 20  # shown of a page
LETTERS = 300  # shown of a block
ROWS = 30  # of a table by site
FEW = 5  # blocks: fewer of a label draw no curve
ROOM = 2.0  # the axis of losses ends at so many times the largest of the modes
LEAST_AXIS = 0.02  # and not before this, so that the line of small losses can be read

STYLE = Path(__file__).with_name("report.css")
HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{title}</title>
<style>{style}</style></head><body>
"""

Judged = tuple[Score, Sequence[JudgedBlock]]  # a page's figures and its blocks


def as_html(pages: Sequence[Judged], modes: Mapping[str, Mapping[str, Any]], model: str, mode: str) -> str:
    """The whole report. `pages` were cleaned in `mode`; `modes` has the `figures` of the same pages for each mode that is to be compared."""
    scores = [score for score, _ in pages]
    blocks = [block for _, found in pages for block in found]
    told = tally(blocks)
    sections = {
        "Loss against removal": _modes(told, modes),
        "Precision and recall by label": _labels(told, mode),
        "Calibration": _calibration(told),
        "What is taken for what": _confusion(blocks),
        "By kind, language and site": _tables(scores),
        "Worst pages": _worst(pages),
    }
    body = "\n".join(f"<section><h2>{title}</h2>\n{part}</section>" for title, part in sections.items())
    head = HEAD.format(title=safe(f"Evaluation of {model}"), style=STYLE.read_text(encoding="utf-8"))
    return f"{head}{_header(scores, len(blocks), model, mode)}\n{_headline(scores)}\n{body}\n</body></html>\n"


def _sentence(text: str) -> str:
    return f'<p class="faint">{text}</p>\n'


def _figure(title: str, note: str, body: str) -> str:
    """`title` says what is seen, `note` how to read it; both may hold what a page or a sample says."""
    small = f"<small>{safe(note)}</small>" if note else ""
    return f"<figure><figcaption>{safe(title)}{small}</figcaption>{body}</figure>\n"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


# ---------------------------------------------------------------- headline


def _header(scores: Sequence[Score], blocks: int, model: str, mode: str) -> str:
    sites = len({score.site for score in scores})
    return (
        f"<header><h1>How well {safe(model)} tells the review from the rest</h1>"
        f"<p>Mode {safe(mode)}. {_many(len(scores), 'page')} of {_many(sites, 'site')}, {_many(blocks, 'block')}.</p>"
        '<p class="faint">Shares count words, so a lost paragraph weighs more than a lost heading. Headlines and bylines are neither wanted nor unwanted and are not scored. '
        "Figures on pages that the model was trained on flatter it.</p></header>"
    )


def _headline(scores: Sequence[Score]) -> str:
    found = figures(scores) if scores else {}
    several = len(scores) > 1
    tiles = "".join(_tile(name, found[name], several) for name in MEASURES if name in found)
    hard = [score for score in scores if score.hard_negative]
    how = f"Intervals hold 95 % of {BOOTSTRAP:,} draws of as many pages, with replacement." if several else "One page has no interval." if scores else "There is no page."
    return f'<div class="tiles">{tiles}</div>\n{_sentence(how)}{_hard(hard)}'


def _tile(name: str, value: tuple[float, float, float], several: bool) -> str:
    title, of = MEASURES[name]
    low, high = value[1:] if several else (value[0], value[0])
    interval = f"95&#160;%: {_share(name, low)} to {_share(name, high)}" if several else ""
    return f'<div class="tile">{title}<b>{_share(name, value[0])}</b>{interval}{interval_bar(value[0], low, high)}<small>{of}</small></div>'


def _share(name: str, value: float) -> str:
    return f"{value:.3f}" if name == "f1" else percent(value)


def _hard(hard: Sequence[Score]) -> str:
    """Pages full of the words of advertisements, and all review, told apart."""
    kept = figures(hard).get("review_kept") if hard else None
    if kept is None:
        return ""
    return f"<p>Of the review on {_many(len(hard), 'hard negative')} (all review, though full of the words of advertisements), {percent(kept[0])} was kept.</p>"


# ---------------------------------------------------------------- curves


def _modes(told: Tally, modes: Mapping[str, Mapping[str, Any]]) -> str:
    if not told.review.sum() or not told.clutter.sum():
        return _sentence("There is no curve: it takes both review and clutter.")
    moved = sweep(told)
    dots = [_mode_dot(mode, found) for mode, found in modes.items() if {"review_kept", "clutter_removed"} <= found.keys()]
    high = _axis_end(ROOM * max((dot.x for dot in dots), default=0.1))
    line = Line([(0.0, 0.0), *zip(moved.loss.tolist(), moved.recall.tolist(), strict=True)], name="one threshold for all blocks")
    plot = Plot("Share of clutter removed against share of review lost", Axis("review lost (% of its words)", high), Axis("clutter removed (% of its words)"), [line], dots)
    title = "; ".join(dot.told for dot in dots) or "What removing more would cost"
    note = "Line: whole blocks go from one threshold on. Points: each mode as it is, with a threshold for each gate, and sentences cut as well; bars are 95 % intervals."
    return _figure(title[:1].upper() + title[1:] + ".", note, as_svg(plot))


def _mode_dot(mode: str, found: Mapping[str, Any]) -> Dot:
    kept, low, high = found["review_kept"]
    removed, *interval = found["clutter_removed"]
    told = f"{mode} removes {percent(removed)} of the clutter and loses {percent(1 - kept)} of the review"
    several = found.get("pages", 0) > 1
    return Dot(1 - kept, removed, mode, told, "mode", x_interval=(1 - high, 1 - low) if several else None, y_interval=(interval[0], interval[1]) if several else None)


def _axis_end(value: float) -> float:
    """The next round share: an axis ends on a tick."""
    return next((end for end in (LEAST_AXIS, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if end >= value), 1.0)


def _labels(told: Tally, mode: str) -> str:
    if not told.clutter.sum():
        return _sentence("There is no clutter in these samples, so there is nothing to find.")
    if not told.review.sum():
        return _sentence("There is no review in these samples, so nothing can be removed wrongly.")
    counts = Counter(told.labels[told.clutter > 0].tolist())
    named = [label for label in map(str, Label) if counts[label] >= FEW]
    few = [f"{safe(label)} ({counts[label]})" for label in map(str, Label) if 0 < counts[label] < FEW]
    precision = {label: sweep(told.against(label)).average_precision for label in named}
    order = sorted(named, key=precision.__getitem__)
    panels = "".join(_panel(label, told.against(label), counts[label], mode) for label in order)
    title = f"Hardest to tell from review: {order[0]}; easiest: {order[-1]}." if len(order) > 1 else "How much is found, and how much of it rightly."
    note = "Each label against the review alone, by words, hardest first. A block's score is how sure its verdict is that it is not review. The point is what the mode did."
    parts = [f'<div class="panels">{_panel("all clutter", told, sum(counts.values()), mode)}{panels}</div>']
    if not named and set(counts) <= {UNNAMED}:
        parts.append(_sentence("These samples say what is not review but not why, so there are no curves by label."))
    if few:
        parts.append(_sentence(f"Too few blocks for a curve: {', '.join(few)}."))
    return _figure(title, note, "".join(parts))


def _panel(label: str, told: Tally, count: int, mode: str) -> str:
    moved = sweep(told)
    line = Line(list(_steps(moved.recall.tolist(), moved.precision.tolist())))
    recall, precision = at_work(told)
    dot = Dot(recall, precision, mode, f"{mode}: recall {percent(recall)}, precision {percent(precision)}", "mode")
    plot = Plot(f"Precision against recall: {label}", Axis("recall (% of words)"), Axis("precision (% of words)"), [line], [dot], 290, 230)
    return _figure(label, f"{_many(count, 'block')}, average precision {moved.average_precision:.2f}", as_svg(plot))


def _steps(recall: Sequence[float], precision: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Precision holds back to the recall before it: straight lines between the points would promise too much (Davis and Goadrich 2006)."""
    before = 0.0
    for x, y in zip(recall, precision, strict=True):
        if x > before:
            yield from ((before, y), (x, y))
        before = x


def _calibration(told: Tally) -> str:
    if not told.clutter.sum() or not told.review.sum():
        return _sentence("There is no diagram: it takes both review and clutter.")
    bins = reliability(told)
    largest = max(one.words for one in bins)
    dots = [Dot(one.said, one.found, told=_told_of(one), radius=3 + 7 * (one.words / largest) ** 0.5) for one in bins]
    lines = [Line([(0, 0), (1, 1)], "reference", "said and found agree"), Line([(dot.x, dot.y) for dot in dots])]
    said, found = Axis("said: mean score (% sure that it is not review)"), Axis("found: not review (% of words)")
    plot = Plot("Share that is not review against what the scores say", said, found, lines, dots, height=400)
    furthest = max(bins, key=lambda one: one.words * abs(one.said - one.found))
    off = f"Scores are off by {100 * calibration_error(bins):.1f} points on average"
    title = f"{off}; most of that where {percent(furthest.said)} is said and {percent(furthest.found)} found."
    note = f"{_many(len(bins), 'bin')} of equally many blocks; the size of a point shows its words. Below the dashed line the model suspects too much, above it too little."
    return _figure(title, note, as_svg(plot)) + _bins(bins)


def _bins(bins: Sequence[Bin]) -> str:
    rows = "".join(
        f"<tr><th>{percent(b.low)} to {percent(b.high)}</th><td>{percent(b.said)}</td><td>{percent(b.found)}</td><td>{b.blocks:,}</td><td>{b.words:,}</td></tr>" for b in bins
    )
    head = "<tr><th>score</th><th>said</th><th>found</th><th>blocks</th><th>words</th></tr>"
    return f'<div class="wide"><table><caption>The same bins as numbers</caption><thead>{head}</thead><tbody>{rows}</tbody></table></div>\n'


def _told_of(one: Bin) -> str:
    return f"said {percent(one.said)}, found {percent(one.found)}: {_many(one.blocks, 'block')}, {_many(one.words, 'word')}"


# ---------------------------------------------------------------- tables


def _confusion(blocks: Sequence[JudgedBlock]) -> str:
    if not blocks:
        return _sentence("There is no block to be judged.")
    cells = confusion(blocks)
    order = [*map(str, Label), UNNAMED]
    said = [label for label in order if any(cells[told, label] for told in order)]
    rows = "".join(_cells(told, [(label, cells[told, label]) for label in said]) for told in order if any(cells[told, label] for label in said))
    review = str(Label.REVIEW)
    lost = sum(n for (told, label), n in cells.items() if told == review != label)
    left = sum(n for (told, label), n in cells.items() if told not in (review, str(Label.META)) and label == review)
    title = f"Of {_many(len(blocks), 'block')}, {lost:,} that the samples call review are taken for something else, and {left:,} that are clutter are taken for review."
    note = "Rows: what the sample says; columns: what the model says; in blocks. Blue: the same label. Orange: on the wrong side. No colour: right for another reason."
    head = "<th>sample says ↓ model says →</th>" + "".join(f"<th>{safe(label)}</th>" for label in said)
    return _figure(title, note, f'<div class="wide"><table class="cells"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>')


def _cells(told: str, cells: Sequence[tuple[str, int]]) -> str:
    whole = sum(count for _, count in cells)
    return f"<tr><th>{safe(told)}</th>{''.join(_cell(told, label, count, count / whole) for label, count in cells)}</tr>"


def _cell(told: str, said: str, count: int, share: float) -> str:
    review, meta = str(Label.REVIEW), str(Label.META)
    kind = "same" if told == said else "wrong" if meta != told and (told == review) != (said == review) else ""
    return f'<td class="{kind}" style="--share: {0.2 + 0.4 * share:.2f}">{count:,}</td>' if count and kind else f"<td>{count or ''}</td>"


def _tables(scores: Sequence[Score]) -> str:
    if len(scores) < 2:
        return _sentence("There are no groups to compare: it takes more than one page.")
    return "".join(_table(what, by(scores, what)) for what in ("kind", "language", "site"))


def _table(what: str, groups: Mapping[str, Mapping[str, Any]]) -> str:
    shown = [name for name in MEASURES if any(name in found for found in groups.values())]
    head = f"<th>{what}</th><th>pages</th>" + "".join(f"<th>{MEASURES[name][0]}</th>" for name in shown)
    rows = "".join(f"<tr><th>{safe(group)}</th>{_values(shown, found)}</tr>" for group, found in list(groups.items())[:ROWS])
    more = _sentence(f"… and {len(groups) - ROWS:,} more, with no more pages than these.") if len(groups) > ROWS else ""
    return f'<div class="wide"><table><caption>By {what}, most pages first</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>\n{more}'


def _values(shown: Sequence[str], found: Mapping[str, Any]) -> str:
    return f"<td>{found['pages']:,}</td>" + "".join(_value(name, found) for name in shown)


def _value(name: str, found: Mapping[str, Any]) -> str:
    if name not in found:
        return "<td>–</td>"
    share, low, high = found[name]
    interval = f" <small>{_share(name, low)} to {_share(name, high)}</small>" if found["pages"] > 1 else ""
    return f"<td>{_share(name, share)}{interval}</td>"


# ---------------------------------------------------------------- worst pages


def _worst(pages: Sequence[Judged]) -> str:
    by_words = sorted(((worst([score], 1)[0][0], score, [m for block in blocks for m in mistakes(block)]) for score, blocks in pages), key=lambda page: -page[0])
    shown = [(score, found) for wrong, score, found in by_words if wrong > 0 or found][:PAGES]
    if not shown:
        return _sentence("No page has anything on the wrong side.")
    note = "<p>By words on the wrong side for each word of review. <del>Struck through: review that was lost.</del> <ins>Not struck through: clutter that was left in.</ins></p>\n"
    return note + "".join(_page(score, found) for score, found in shown)


def _page(score: Score, found: Sequence[Mistake]) -> str:
    longest = sorted(range(len(found)), key=lambda i: -len(words(found[i].text)))[:BLOCKS]
    body = "".join(_mistake(found[i]) for i in sorted(longest))
    more = _sentence(f"… and {len(found) - BLOCKS:,} shorter ones.") if len(found) > BLOCKS else ""
    lost, left = score.review - score.review_kept, score.clutter - score.clutter_removed
    told = f"{lost:,} of {_many(score.review, 'word')} of review lost, {left:,} of {_many(score.clutter, 'word')} of clutter left in"
    return f'<article><h3 dir="auto">{safe(score.id)}</h3><p class="faint">{told}</p>{body}{more}</article>\n'


def _mistake(one: Mistake) -> str:
    tag, kind = ("del", "lost") if one.kind == "lost" else ("ins", "left")
    text = one.text if len(one.text) <= LETTERS else one.text[:LETTERS].rstrip() + " …"
    why = f'<b class="{kind}">{one.kind}</b>: {safe(one.told)}<br/>taken for {safe(one.said)} {one.score:.2f}'
    return f'<div class="block"><div class="why">{why}</div><p dir="auto"><{tag}>{safe(text)}</{tag}></p></div>\n'
