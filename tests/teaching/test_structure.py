"""Pages become the table of the structure model."""

import numpy as np

from reviewclean import Label
from reviewclean.data import Page
from reviewclean.judging import page
from reviewclean.judging.batch import batch_of
from reviewclean.teaching.boost import fold_of
from reviewclean.teaching.hosts import study
from reviewclean.teaching.samples import Sample, Told
from reviewclean.teaching.structure import table_of

LINES = ["The film opens on a harbour and stays there for an hour of quiet work.", "Marta Quill plays the captain as somebody who has stopped speaking."]
PAGE = f"<body><nav class='menu'><a href='/'>Home</a></nav><h1>Ferry</h1><div class='entry-content'>{''.join(f'<p>{line}</p>' for line in LINES)}</div></body>"
TOLD = (Told("Home", Label.CHROME), Told("Ferry", Label.META), *(Told(line, Label.REVIEW) for line in LINES))
SAMPLES = [Sample(f"s{i}", Page(PAGE, kind="html"), TOLD, site=f"site{i}.example") for i in range(8)]


def test_every_block_is_a_row_measured_by_what_other_sites_taught() -> None:
    """In the order of the pages; bylines and headlines weigh less."""
    studied = study(SAMPLES)
    weights, table = table_of(studied, lambda _: None)
    assert table.rows.shape == (32, len(page.NAMES))
    assert table.truth.tolist() == [False, False, True, True] * 8 and table.scored.tolist() == [True, False, True, True] * 8
    assert table.fold.tolist() == [fold_of(f"site{i}.example") for i in range(8) for _ in range(4)]
    assert 0 < table.importance[1] < table.importance[0]
    column = page.NAMES.index("word_weight")
    whole = page.measure(batch_of([studied[0].reading]), weights)[:, column]
    assert whole[2] > 0 > whole[0]  # words of prose tell of review, "home" does not
    assert np.sign(table.rows[2, column]) == 1
