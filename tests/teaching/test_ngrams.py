"""What words and pairs of words tell, and who taught it."""

import numpy as np

from reviewclean.judging.ngrams import Ngrams, Sums
from reviewclean.judging.wording import wording
from reviewclean.teaching.boost import FOLDS, fold_of
from reviewclean.teaching.ngrams import HANDS, Apart, Worded, hand_of, worded
from reviewclean.teaching.plant import Host, Line, Pools, Stretch
from reviewclean.teaching.samples import Promo

REVIEW = "The captain mends the engine slowly and the harbour keeps quiet about it."
SELLS = "Our plumbers mend any boiler the same day, so ring them before it snows."
ODD = "Zibbly quobble."


def lines(promos: list[Promo], extra: tuple[Line, ...] = ()) -> Worded:
    """Forty texts of review, and some promos."""
    hosts = [Host(f"h{i}", f"site{i}.example", "", "", (Line(f"{REVIEW} Part {i}."), *extra)) for i in range(40)]
    return worded(hosts, Pools(promos, {}, (), ()))


def weight(ngrams: Ngrams, text: str) -> float:
    """Of all its words together."""
    sums = Sums(wording([text]), ngrams)
    return float(sums.of(np.array([0]), np.array([len(sums.words) - 1]))[0])


def promos_of(writer: str, style: str = "blunt_promo") -> list[Promo]:
    """Promos that one hand wrote, of which one turn of phrase is its own."""
    return [Promo(f"{ODD} {SELLS} Number {i}.", writer=writer, style=style) for i in range(20)]


def test_words_of_promos_weigh_more_than_those_of_reviews() -> None:
    """Whole lines are learnt from; a line with a promo inside it teaches nothing."""
    found = lines(promos_of("a"), (Line("zebra zebra", stretches=(Stretch(0, 5, "span"),)),)).taught()
    assert weight(found, SELLS) > 0.5 > -0.5 > weight(found, REVIEW)
    assert weight(found, "zebra") == 0.0


def test_nobody_is_asked_about_what_he_taught() -> None:
    """Neither a site's fold nor a hand: the turn of phrase of one hand is unknown where it is measured, and known to others."""
    other = next(name for name in "bcdefghijkl" if hand_of(name) != hand_of("a"))
    apart = Apart(lines([*promos_of("a"), *(Promo(f"{SELLS} So says {i}.", writer=other) for i in range(20))]))
    its, others = Line(f"{ODD} {SELLS}", foreign=True, writer="a"), Line(f"{ODD} {SELLS}", foreign=True, writer=other)
    text = wording([its.text, others.text, REVIEW])
    weights = Sums(text, apart.of(0, [its, others, Line(REVIEW)])).of(text.first[:-1], text.first[1:])
    assert 0 < weights[0] < weights[1] and weights[2] < 0
    fold = fold_of("site0.example")
    alone = worded([Host("h0", "site0.example", "", "", (Line("zebra"),)), *(Host(f"h{i}", f"site{i}.example", "", "", (Line(REVIEW),)) for i in range(1, 20))], Pools(promos_of("a"), {}, (), ()))
    assert {k: weight(Apart(alone).of(k), "zebra") == 0.0 for k in range(FOLDS)} == {k: k == fold for k in range(FOLDS)}
    assert -1 <= hand_of("") < 0 <= hand_of("a") < HANDS


def test_styles_that_are_held_out_teach_no_words_either() -> None:
    """Or a style that nobody taught the trees would be known by its words."""
    taught = lines([*promos_of("a", "quiet"), *(Promo(f"Win at cards tonight, friend {i}.", style="loud") for i in range(20))])
    assert weight(Apart(taught).of(0), ODD) > 0
    assert weight(Apart(taught, lambda promo: promo.style == "quiet").of(0), ODD) == 0.0


def test_where_there_is_nothing_to_tell_apart_words_weigh_nothing() -> None:
    """Samples without a promo and without clutter."""
    assert weight(lines([]).taught(), REVIEW) == 0.0
