"""The page with each verdict shown: for a terminal, and as one self-contained HTML file in which nothing of the page can run."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from reviewclean.data import Block, Cleaned, Label, Verdict

COLOURS = {
    Label.REVIEW: "", Label.AD: "red", Label.SHOP: "bright_red", Label.DISCLOSURE: "magenta", Label.LINKS: "yellow", Label.SHARE: "bright_yellow", Label.CREDIT: "cyan",
    Label.AUTHOR: "blue", Label.COMMENTS: "bright_blue", Label.NOTICE: "bright_black", Label.CHROME: "bright_black", Label.META: "bright_cyan",
}  # fmt: skip

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1c1c1a; --paper: #fdfcf9; --faint: #77746c; --line: #e2ded4; --gone: #b3261e; --mark: #fbe9e7 }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e9e6df; --paper: #191917; --faint: #98948a; --line: #34322d; --gone: #ff8a80; --mark: #3b2320 }} }}
body {{ margin: 0 auto; max-width: 56rem; padding: 2rem 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 Georgia, serif }}
header, .why {{ font-family: system-ui, sans-serif }} header {{ border-bottom: 1px solid var(--line); margin-bottom: 1.5rem }} header p {{ color: var(--faint) }}
.block {{ display: grid; grid-template-columns: 10rem 1fr; gap: 1rem; padding: .3rem 0; border-bottom: 1px solid var(--line) }}
.why {{ font-size: .78rem; color: var(--faint); text-align: right }} .why b {{ color: var(--gone) }}
.gone p, del {{ color: var(--gone); text-decoration: line-through; text-decoration-thickness: 1px; background: var(--mark) }} .gone {{ font-size: .9rem }}
p {{ margin: 0; white-space: pre-line; overflow-wrap: anywhere }} .heading p {{ font-weight: bold }}
@media (max-width: 40rem) {{ .block {{ grid-template-columns: 1fr; gap: 0 }} .why {{ text-align: left }} }}
</style></head><body>
"""


def as_lines(cleaned: Cleaned) -> Iterator[tuple[str, str, bool, str]]:
    """(what was decided, text, kept, colour of the label) of each block; cut spans stand in ⟦ ⟧."""
    for block, verdict in zip(cleaned.blocks, cleaned.verdicts, strict=True):
        told = f"{verdict.label:<10} {verdict.score:.2f} {verdict.by}"
        text = block.text.replace("\n", " ⏎ ")
        if verdict.kept and verdict.cuts:
            text = _bracketed(block.text, verdict).replace("\n", " ⏎ ")
        yield told, text, verdict.kept, COLOURS[verdict.label]


def _bracketed(text: str, verdict: Verdict) -> str:
    for cut in sorted(verdict.cuts, key=lambda c: -c.start):
        text = f"{text[: cut.start]}⟦{cut.label} {cut.score:.2f}: {text[cut.start : cut.end]}⟧{text[cut.end :]}"
    return text


def as_html(cleaned: Cleaned) -> str:
    """One self-contained page: what went is struck through and named. All content is escaped, and a content security policy forbids scripts."""
    title = cleaned.title or cleaned.id or "page"
    gone = sum(not v.kept for v in cleaned.verdicts)
    cuts = sum(len(v.cuts) for v in cleaned.verdicts if v.kept)
    told = f"{len(cleaned.blocks)} blocks: {len(cleaned.blocks) - gone} kept, {gone} left out, {cuts} sentences cut. Confidence {cleaned.confidence:.2f}."
    body = "".join(_block(block, verdict) for block, verdict in zip(cleaned.blocks, cleaned.verdicts, strict=True))
    note = f"<p>{escape(cleaned.note)}</p>" if cleaned.note else ""
    return f"{HEAD.format(title=escape(title))}<header><h1>{escape(title)}</h1><p>{escape(cleaned.url or '')}</p><p>{told}</p>{note}</header>\n{body}</body></html>\n"


def _block(block: Block, verdict: Verdict) -> str:
    name = escape(str(verdict.label))
    why = f"{name if verdict.kept else f'<b>{name}</b>'} {verdict.score:.2f}<br>{escape(verdict.by)}"
    text, at = "", 0
    for cut in sorted(verdict.cuts if verdict.kept else (), key=lambda c: c.start):
        text += escape(block.text[at : cut.start]) + f'<del title="{escape(str(cut.label))} {cut.score:.2f}">{escape(block.text[cut.start : cut.end])}</del>'
        at = cut.end
    text += escape(block.text[at:])
    return f'<div class="block {"kept" if verdict.kept else "gone"} {escape(block.kind)}"><div class="why">{why}</div><p>{text}</p></div>\n'
