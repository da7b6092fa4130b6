"""Units of a text to numbers: what the context model sees. A unit is a block that stands in the running text, or a sentence of one.

Nothing here asks where a unit stood in the markup, so pages and plain text are judged alike. The question is not "does this sound like an
advertisement?" but "does this belong here?": words are weighed against the rest of the same text, and so are its wording and its names.
A page that talks of casinos from the first line to the last makes a casino ordinary.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from reviewclean.data import words
from reviewclean.judging.patterns import DATE, DIGITS, FUNCTION, SEPARATORS, host_of
from reviewclean.judging.phrases import FAMILIES, phrases

Floats = npt.NDArray[np.float32]

STEM = 6  # letters: a crude stem that serves all our languages alike
RARITY_BUCKETS = 1 << 15
YOU = frozenset(
    ["you", "your", "yours", "yourself", "du", "dich", "dir", "dein", "deine", "deinen", "ihr", "euch", "ihnen", "ihre", "ihren", "vous", "votre", "vos", "toi", "ton", "tu", "tes", "te", "tus", "usted", "ustedes", "su", "você", "vocês", "seu", "sua", "voi", "vostro", "tuo", "tua", "ti", "ty", "ciebie", "twój", "twoje", "twoja", "państwo", "państwa"]
)
WE = frozenset(["we", "us", "our", "ours", "ourselves", "wir", "uns", "unser", "unsere", "unserem", "nous", "notre", "nos", "nosotros", "nuestro", "nuestra", "nuestros", "nós", "nosso", "nossa", "noi", "nostro", "nostra", "nostri", "nas", "nasz", "nasza", "nasze"])
ME = frozenset(["i", "me", "my", "mine", "myself", "ich", "mich", "mir", "mein", "meine", "je", "moi", "mon", "ma", "mes", "yo", "mi", "mis", "eu", "meu", "minha", "io", "mio", "mia", "ja", "mnie", "mój", "moja"])
ACTS = frozenset(
    ["visit", "try", "get", "start", "join", "book", "call", "contact", "order", "download", "buy", "check", "discover", "find", "explore", "learn", "shop", "sign", "register", "subscribe", "click", "see", "take", "make", "save", "enjoy", "use", "enter", "play", "read", "ask", "request", "schedule", "head", "consider", "choose", "compare", "grab", "claim", "let", "look", "follow", "browse", "besuchen", "testen", "sichern", "entdecken", "bestellen", "jetzt", "découvrez", "essayez", "profitez", "visitez", "prueba", "visita", "descubre", "compra", "aproveite", "experimente", "acesse", "conheça", "visite", "prova", "scopri", "ordina", "sprawdź", "wypróbuj", "odwiedź", "zamów"]
)
DOMAIN = re.compile(
    r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|co\.uk|de|fr|es|it|pl|pt|com\.br|app|shop|example|info|biz|tv|me|us|uk|au|in|eu|online|site|store)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d[\d.,]*")
NAME = re.compile(r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆ](?<=[\w,;:’'”\"] .)[\w&’'-]*")  # a capital inside a sentence; it comes first because that fails soonest
INNER_DOT = re.compile(r"\w\.\w")
ANY_NAME = re.compile(r"\b[A-ZÀ-ÖØ-ÞŁŚŻŹĆ][\w&’'-]+")
MONEY = re.compile(r"[$€£¥]\s?\d|\d\s?(?:€|£|zł|usd|eur|gbp|dollars|euros?|pounds|reais|złotych)\b|\bR\$|\bRs\.?\s?\d", re.IGNORECASE)
PERCENT = re.compile(r"\d\s?%")
PHONE = re.compile(r"\(?\+?\d{2,4}\)?[ .-]\d{3,4}[ .-]?\d{3,4}")
SENTENCE = re.compile(r"[.!?…](?:[\"”’»)]*)(?:\s|$)")
IF_YOU: dict[str, tuple[tuple[str, ...], ...]] = {  # how a promo finds its reader: first word -> what may follow
    "if": (("you",),), "whether": (("you",),), "looking": (("for",),), "in": (("need", "of"),), "for": (("those", "who"), ("those", "of", "you")),
    "anyone": (("who",), ("looking",)), "wenn": (("sie",), ("du",), ("ihr",)), "si": (("vous",), ("buscas",), ("necesitas",), ("quieres",)),
    "se": (("você",), ("cerchi",), ("vuoi",)), "jeśli": ((),),
}  # fmt: skip
LEXICON = 200_000  # words that are remembered
LOOKED_UP = 120  # words of a unit in which phrases are looked for
ENDS = (".", "!", "?", "…", ".”", '."', "!”", "?”", ".)", "»", "“", '"', ":")
RATING = re.compile(r"\b\d{1,3}(?:[.,]\d)?\s?(?:/|out of)\s?(?:5|10|100|20|6)\b|[★☆⭐]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of running text with the links in it."""

    text: str
    targets: tuple[str, ...] = ()
    linked: int = 0  # characters inside links
    heading: bool = False


OWN_NAMES = (
    "words", "characters", "sentences", "ends", "colon", "upper_start", "capitalised", "function", "commas", "exclaims", "questions", "quotes", "digits",
    "separators", "you", "we", "me", "acts", "if_you", "money", "percent", "phone", "date", "rating", "domains", "names", "numbers", "links", "linked", "heading",
    "copyright", *FAMILIES,
)  # fmt: skip
PAGE_NAMES = (
    "rest", "title", "before", "after", "before3", "after3", "nearest", "gap", "rest_rank", "rest_z", "known", "known_weighted", "known_title", "known_first",
    "known_last", "turn", "new_names", "new_names_share", "new_numbers", "new_domains", "new_hosts", "name_repeats", "name_later", "repeats", "shape_repeats",
    "position", "from_start", "from_end", "units", "page_words", "relative_length", "relative_you", "relative_we", "relative_me", "relative_offer", "page_you",
    "page_we", "page_offer", "page_rest", "prose_before", "prose_after", "before_words", "after_words", "before_heading", "after_heading", "neighbour_rest",
    "before_ends",
)  # fmt: skip
NAMES = (*OWN_NAMES, *PAGE_NAMES)


def measure(units: Sequence[Unit], title: str, rarity: Floats) -> Floats:
    """Numbers of all units of one text, shape (units, len(NAMES)).

    `rarity`: inverse document frequency of hashed stems, shape (RARITY_BUCKETS,), as `rarity_of` makes it.
    """
    if not units:
        return np.zeros((0, len(NAMES)), np.float32)
    found = [words(unit.text) for unit in units]
    names = [NAME.findall(unit.text) for unit in units]
    told: list[list[str]] = []
    own = []
    for unit, ws, capitals in zip(units, found, names, strict=True):
        tally = _tally(ws)
        told.append(tally.stems)
        own.append(_own(unit, ws, tally, len(capitals)))
    columns = np.array(own, np.float32)
    return np.concatenate((columns, _in_page(units, found, told, names, columns, title, rarity)), axis=1)


# word -> what is known of it, looked up once a word whatever asks: (stem or "", what is special about it: function word, you, we, I, may open an "if you …",
# phrases that it begins; None for most words). Plain tuples: the garbage collector stops looking at them.
_Special = tuple[bool, bool, bool, bool, bool, tuple[tuple[tuple[str, ...], int], ...]]
_Word = tuple[str, _Special | None]


class _Tally(NamedTuple):
    """Counts of a unit's words, from one pass over them."""

    function: int
    you: int
    we: int
    me: int
    if_you: bool
    families: list[int]
    stems: list[str]


_lexicon: dict[str, _Word] = {}


def _learn(word: str) -> _Word:
    if len(_lexicon) > LEXICON:
        _lexicon.clear()  # a crawl brings ever new words; memory stays
    function = word in FUNCTION
    stem = "" if function or len(word) <= 2 else word[:STEM]
    special = (function, word in YOU, word in WE, word in ME, word in IF_YOU, phrases().get(word, ()))
    known = _lexicon[word] = (stem, special if any(special) else None)
    return known


def _tally(ws: list[str]) -> _Tally:
    function = you = we = me = 0
    if_you = False
    families = [0] * len(FAMILIES)
    unit_stems = []
    get = _lexicon.get
    for i, word in enumerate(ws):
        stem, special = get(word) or _learn(word)
        if stem:
            unit_stems.append(stem)
        if special is not None:
            f, y, w, m, opens, starts = special
            function += f
            if y or w or m:
                you, we, me = you + y, we + w, me + m
            if opens and not if_you:
                if_you = any(tuple(ws[i + 1 : i + 1 + len(rest)]) == rest for rest in IF_YOU[word])
            if starts and i < LOOKED_UP:
                for rest, family in starts:
                    if not rest or tuple(ws[i + 1 : i + 1 + len(rest)]) == rest:
                        families[family] += 1 + len(rest)
    return _Tally(function, you, we, me, if_you, families, unit_stems)


def stems(found: list[str]) -> list[str]:
    """Content words of a unit, cut to their stems."""
    return _tally(found).stems


def rarity_of(texts: Sequence[Sequence[str]]) -> Floats:
    """Inverse document frequency by hashed stem, from the stems of many texts. Unseen buckets count as rarest."""
    seen = np.zeros(RARITY_BUCKETS, np.float64)
    for text in texts:
        seen[sorted({_bucket(stem) for stem in text})] += 1
    return np.log((len(texts) + 1.0) / (seen + 1.0)).astype(np.float32) + 1.0


@lru_cache(maxsize=1 << 17)
def _bucket(stem: str) -> int:
    return crc32(stem.encode("utf-8", "replace")) % RARITY_BUCKETS


def _own(unit: Unit, ws: list[str], tally: _Tally, names: int) -> tuple[float, ...]:
    """What a unit tells by itself."""
    text, n = unit.text, max(len(ws), 1)
    size = max(len(text), 1)
    raw = text.split()
    head = text[:300]
    numbers = len(NUMBER.findall(text))
    digits = len(DIGITS.findall(head)) / min(size, 300) if numbers else 0.0
    ends = [match.end() for match in SENTENCE.finditer(text)]
    starts = [*ws[:1], *(first for end in ends for first in words(text[end : end + 24])[:1])]
    stars = "★" in text or "☆" in text or "⭐" in text
    return (
        len(ws), len(text), len(ends), text.endswith(ENDS), text.endswith(":"), text[:1].isupper(), len([1 for w in raw if w[0].isupper()]) / max(len(raw), 1),
        tally.function / n, text.count(",") / n, text.count("!"), text.count("?"), text.count('"') + text.count("“"), digits,
        len(SEPARATORS.findall(text)), tally.you / n, tally.we / n, tally.me / n, len([1 for w in starts if w in ACTS]), tally.if_you,
        numbers and MONEY.search(text) is not None, "%" in text and PERCENT.search(text) is not None, digits > 0 and numbers > 0 and PHONE.search(text) is not None,
        numbers and DATE.search(text) is not None, (numbers or stars) and RATING.search(text) is not None, len(DOMAIN.findall(text)) if INNER_DOT.search(text) else 0,
        names, numbers, len(unit.targets), unit.linked / size, unit.heading, "©" in text, *(count / n for count in tally.families),
    )  # fmt: skip


def _in_page(units: Sequence[Unit], found: list[list[str]], told: list[list[str]], names: list[list[str]], own: Floats, title: str, rarity: Floats) -> Floats:
    """How each unit stands in its text, shape (units, len(PAGE_NAMES))."""
    n = len(units)
    columns_of = {name: own[:, i] for i, name in enumerate(OWN_NAMES)}
    rows = {name: np.zeros(n, np.float32) for name in PAGE_NAMES}

    title_stems = stems(words(title)) or (told[0] if len(told[0]) <= 14 else [])
    stems_of = _Stems(told, title_stems, rarity)
    _coherence(stems_of, columns_of["words"], rows)
    _known(stems_of, rows)
    titled = set(title_stems)
    rows["known_title"][:] = [len(titled.intersection(s)) for s in told]
    _novelty(units, found, names, rows)
    _turn(told, stems_of, rows)
    _wording(columns_of, rows)
    _surroundings(columns_of, rows)
    return np.stack([rows[name] for name in PAGE_NAMES], axis=1).astype(np.float32)


class _Stems:
    """The stems of all units as one long column, with their TF-IDF weights: what a sparse matrix is, without its overhead on short texts."""

    def __init__(self, told: Sequence[Sequence[str]], title: Sequence[str], rarity: Floats) -> None:
        vocabulary: dict[str, int] = {}
        self.counts = [Counter([vocabulary.setdefault(stem, len(vocabulary)) for stem in unit]) for unit in told]
        self.title = Counter([vocabulary.setdefault(stem, len(vocabulary)) for stem in title])
        self.vocabulary = vocabulary
        self.rarity = rarity[[_bucket(stem) for stem in vocabulary]].astype(np.float64) if vocabulary else np.ones(1)
        sizes = np.array([len(counted) for counted in self.counts])
        self.ends = np.cumsum(sizes)
        self.starts = self.ends - sizes
        self.stem = np.fromiter((stem for counted in self.counts for stem in counted), np.intp, int(self.ends[-1]))
        count = np.fromiter((many for counted in self.counts for many in counted.values()), np.float64, int(self.ends[-1]))
        self.weight = np.sqrt(count) * self.rarity[self.stem]
        self.spread = np.bincount(self.stem, minlength=len(self.rarity))  # in how many units each stem stands

    def by_unit(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Sums of values, one a stem of a unit, over each unit."""
        cumulative = np.concatenate(([0.0], np.cumsum(values)))
        sums: npt.NDArray[np.float64] = cumulative[self.ends] - cumulative[self.starts]
        return sums


def _coherence(told: _Stems, sizes: Floats, rows: dict[str, Floats]) -> None:
    """Cosines of TF-IDF rows with the rest of the text, its title and its neighbours."""
    n = len(told.counts)
    total = np.bincount(told.stem, told.weight, minlength=len(told.rarity))
    square = told.by_unit(told.weight**2)
    norm = np.sqrt(square)
    with_total = told.by_unit(told.weight * total[told.stem])
    rest_norm = np.sqrt(np.maximum(float((total**2).sum()) - 2 * with_total + square, 1e-9))
    rest = np.where(norm > 0, (with_total - square) / np.maximum(norm * rest_norm, 1e-6), 0.0).astype(np.float32)
    rows["rest"][:] = rest
    if told.title:
        title = np.zeros(len(told.rarity))
        title[list(told.title)] = [math.sqrt(many) for many in told.title.values()]
        title *= told.rarity
        rows["title"][:] = told.by_unit(told.weight * title[told.stem]) / np.maximum(norm * math.sqrt(float((title**2).sum())), 1e-6)
    near = _neighbours(told, norm)
    behind = {offset: np.concatenate((np.zeros(offset, np.float32), values[:-offset]))[:n] for offset, values in near.items()}
    rows["before"][:], rows["after"][:] = behind[1], near[1]
    rows["before3"][:] = np.maximum.reduce([behind[1], behind[2], behind[3]])
    rows["after3"][:] = np.maximum.reduce([near[1], near[2], near[3]])
    rows["nearest"][:] = np.maximum(rows["before3"], rows["after3"])
    over = np.zeros(n, np.float32)  # how well the text reads across the unit, were it not there
    if n > 2:
        over[1:-1] = near[2][:-2]
    rows["gap"][:] = over - np.maximum(behind[1], near[1])
    long = sizes >= 12
    among = rest[long] if long.sum() >= 3 else rest
    rows["rest_z"][:] = (rest - among.mean()) / (among.std() + 0.03)
    ordered = np.sort(among)
    rows["rest_rank"][:] = np.searchsorted(ordered, rest) / len(ordered)
    rows["page_rest"][:] = among.mean()
    padded = np.concatenate((rest[:1], rest, rest[-1:]))
    rows["neighbour_rest"][:] = (padded[:-2] + padded[2:]) / 2


def _neighbours(told: _Stems, norm: npt.NDArray[np.float64]) -> dict[int, Floats]:
    """Cosine of each unit with the one 1, 2 and 3 further on; 0 past the end."""
    n = len(told.counts)
    weights = told.weight.tolist()
    starts, ends = told.starts.tolist(), told.ends.tolist()
    maps = [dict(zip(counted, weights[a:b], strict=True)) for counted, a, b in zip(told.counts, starts, ends, strict=True)]
    out = {}
    for offset in (1, 2, 3):
        dots = [sum([one[stem] * other[stem] for stem in one.keys() & other.keys()]) for one, other in zip(maps, maps[offset:], strict=False)]
        dots += [0.0] * (n - len(dots))
        far = np.concatenate((norm[offset:], np.ones(min(offset, n))))[:n]
        out[offset] = (np.array(dots) / np.maximum(norm * far, 1e-6)).astype(np.float32)
    return out


def _known(told: _Stems, rows: dict[str, Floats]) -> None:
    """Share of a unit's stems that the rest of the text has too."""
    elsewhere = (told.spread[told.stem] > 1).astype(np.float64)
    rarity = told.rarity[told.stem]
    rows["known"][:] = told.by_unit(elsewhere) / np.maximum(told.ends - told.starts, 1)
    rows["known_weighted"][:] = told.by_unit(elsewhere * rarity) / np.maximum(told.by_unit(rarity), 1e-6)


def _turn(told: list[list[str]], stems_of: _Stems, rows: dict[str, Floats]) -> None:
    """Whether a unit begins on the text's subject and ends elsewhere, as a topical bridge does."""
    vocabulary, spread = stems_of.vocabulary, stems_of.spread.tolist()
    for i, unit_stems in enumerate(told):
        if len(unit_stems) >= 4:
            half = len(unit_stems) // 2
            known = [spread[vocabulary[stem]] > 1 for stem in unit_stems]
            first, last = sum(known[:half]) / half, sum(known[half:]) / (len(known) - half)
            rows["known_first"][i], rows["known_last"][i], rows["turn"][i] = first, last, first - last


def _novelty(units: Sequence[Unit], found: list[list[str]], capitals: list[list[str]], rows: dict[str, Floats]) -> None:
    """Names, numbers, domains and link hosts that stand nowhere else in the text."""
    in_units: Counter[str] = Counter()
    last_seen: dict[str, int] = {}
    for i, ws in enumerate(found):
        in_units.update(set(ws))
        for w in ws:
            last_seen[w] = i
    hosts = [{host for target in unit.targets if (host := _host(target))} if unit.targets else () for unit in units]
    host_counts = Counter(host for each in hosts for host in each)
    texts = Counter(unit.text for unit in units)
    shapes = Counter(_shape(ws) for ws in found)
    for i, (unit, ws) in enumerate(zip(units, found, strict=True)):
        names = capitals[i] if len(ws) > 6 else ANY_NAME.findall(unit.text)
        parts = {part for name in names for part in words(name.lower().removesuffix("’s").removesuffix("'s")) if part not in FUNCTION}
        new = {part for part in parts if in_units[part] <= 1}
        rows["new_names"][i] = len(new)
        rows["new_names_share"][i] = len(new) / len(parts) if parts else 0.0
        rows["new_numbers"][i] = len([1 for w in set(ws) if in_units[w] <= 1 and w.isdigit()])
        if INNER_DOT.search(unit.text):
            rows["new_domains"][i] = sum(all(in_units[w] <= 1 for w in words(d)[:1]) for d in DOMAIN.findall(unit.text))
        rows["new_hosts"][i] = sum(host_counts[host] <= 1 for host in hosts[i])
        if new:
            own_counts = Counter(ws)
            rows["name_repeats"][i] = max(own_counts[part] for part in new)
        rows["name_later"][i] = len([1 for part in parts if last_seen.get(part, 0) > i])
        rows["repeats"][i] = min(texts[unit.text], 9)
        rows["shape_repeats"][i] = min(shapes[_shape(ws)], 9) if len(ws) <= 14 else 0


def _shape(ws: list[str]) -> tuple[str, ...]:
    """What lines of one pattern share: "Check price at X", "Check price at Y"."""
    return tuple(ws[:2])


def _host(target: str) -> str:
    return host_of(target) if target.startswith(("http:", "https:", "//")) else ""


def _wording(column: dict[str, Floats], rows: dict[str, Floats]) -> None:
    """How a unit speaks, against how the rest of the text speaks."""
    count = column["words"]
    share = count / max(float(count.sum()), 1.0)
    offer = column["offer"] + column["shop"]
    for name, values in (("you", column["you"]), ("we", column["we"]), ("me", column["me"]), ("offer", offer)):
        mean = (float((values * share).sum()) - values * share) / np.maximum(1 - share, 1e-6)
        rows[f"relative_{name}"][:] = values - mean
        if name != "me":
            rows[f"page_{name}"][:] = mean


def _surroundings(column: dict[str, Floats], rows: dict[str, Floats]) -> None:
    """Where a unit stands and what stands beside it."""
    count = column["words"]
    n = len(count)
    index = np.arange(n)
    rows["position"][:] = index / max(n - 1, 1)
    rows["from_start"][:] = np.minimum(index, 40)
    rows["from_end"][:] = np.minimum(n - 1 - index, 40)
    rows["units"][:] = min(n, 200)
    rows["page_words"][:] = min(float(count.sum()), 5000.0)
    long = count >= 12
    rows["relative_length"][:] = count / (float(np.median(count[long])) if long.any() else 40.0)
    prose = (count >= 18) & (column["ends"] > 0)
    cumulative = np.cumsum(prose)
    rows["prose_before"][:] = np.minimum(cumulative - prose, 30)
    rows["prose_after"][:] = np.minimum(cumulative[-1] - cumulative, 30)
    for name, values in (("words", count), ("heading", column["heading"])):
        rows[f"before_{name}"][1:] = values[:-1]
        rows[f"after_{name}"][:-1] = values[1:]
    rows["before_ends"][1:] = column["ends"][:-1]
