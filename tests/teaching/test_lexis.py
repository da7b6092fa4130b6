"""What is known of stems before a text is read."""

import numpy as np
from tests.conftest import FLAT

from reviewclean.judging.context import NAMES, measure
from reviewclean.judging.stems import Lexis, Stems
from reviewclean.judging.telling import told
from reviewclean.judging.units import Running, units_of
from reviewclean.teaching.boost import FOLDS, fold_of
from reviewclean.teaching.lexis import Known
from reviewclean.teaching.plant import Host, Line, Pools

SEA = ("The ferry leaves the harbour and the captain watches the storm on the water.", "The sailors mend ropes in the harbour while the captain sleeps below the water line.")
MONEY = ("The bank offers a mortgage with lower interest and a loan without a deposit.", "A broker at the bank compares the interest of every mortgage and every loan.")
NOTHING = Pools((), {}, (), ())


def hosts(count: int = 12) -> list[Host]:
    """Texts of the sea and texts of money, in turn."""
    return [Host(f"h{i}", f"site{i}.example", "", "", tuple(Line(f"{line} Part {i}.") for line in (SEA if i % 2 else MONEY))) for i in range(count)]


def test_rarity_is_higher_for_rarer_stems() -> None:
    """Inverse document frequency."""
    lexis = Known([Host("a", "a", "", "", (Line("ferry harbour"),)), Host("b", "b", "", "", (Line("ferry casino"),))], NOTHING).whole()
    words = told(["ferry casino zebra"])
    stems = Stems(words, np.array([0]), lexis)
    ferry, casino, zebra = dict(zip(words.text.stem.tolist(), stems.rarity[stems.stem_of_word], strict=True)).values()
    assert ferry < casino < zebra


def test_stems_that_are_used_together_share_a_topic() -> None:
    """A unit with none of a text's words belongs to it, if others have used them together; one of another topic does not."""
    texts = ["The harbour and the captain.", "Ropes for sailors below water.", "A loan without deposit.", "The storm on the ferry."]

    def rest(lexis: Lexis) -> list[float]:
        rows = measure(units_of(told(texts), [Running("", "", [()] * len(texts), [False] * len(texts))], lexis))
        return [round(float(value), 3) for value in rows[:, NAMES.index("topic_rest")]]

    sea, same, money, _ = rest(Known(hosts(), NOTHING).whole())
    assert min(sea, same) > 0.2 > abs(money)
    assert rest(FLAT) == [0.0] * 4


def test_no_fold_is_measured_with_what_it_taught() -> None:
    """A stem that one site alone has is as rare as can be for its own fold."""
    odd = Host("odd", "odd.example", "", "", (Line("zebra"), Line("zebra")))
    found = Known([*hosts(), odd], NOTHING)
    words = told(["zebra"])
    rarity = {fold: float(Stems(words, np.array([0]), found(fold)).rarity[0]) for fold in range(FOLDS)}
    assert rarity[fold_of("odd.example")] > max(value for fold, value in rarity.items() if fold != fold_of("odd.example"))
