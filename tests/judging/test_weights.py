"""Words of class names, and a memory of the elements met."""

from array import array

import numpy as np

from reviewclean.judging.weights import BUCKETS, DISTANCES, FIELDS, OWN_TAGS, Weights, bucket, no_weights, tokens_of
from reviewclean.reading.register import Register
from reviewclean.reading.segment import Elements


def around(*kinds: tuple[str, str]) -> list[Elements]:
    """A page of such elements."""
    register = Register()
    numbers = array("q", [register.number(tag, names) for tag, names in kinds])
    return [Elements(register, numbers, *(array("q") for _ in range(5)))]


def test_class_names_become_words() -> None:
    """Camel case and hyphens are cut; digits teach nothing."""
    assert set(tokens_of("entry-content postBody item-4711")) == {"entry", "content", "entry-content", "post", "body", "postbody", "item"}


def test_elements_are_known_by_tag_and_name() -> None:
    """What they say of all that stands in them."""
    kinds = no_weights().of_elements(around(("nav", "main-menu"), ("p", ""), ("div", "affiliate-disclosure"), ("body", "has-sidebar comments-open")))
    fields = [{FIELDS[k] for k in np.flatnonzero(row)} for row in kinds.fields]
    assert fields[0] == {"nav", "text", "<nav>"} and fields[1] == set() and "ad" in fields[2]
    assert fields[3] == set()  # a body tells of the whole page, not of what is in it
    assert [OWN_TAGS[k] for k in kinds.own.argmax(axis=1)[1:3]] == ["p", "div"]


def test_weights_of_tokens_are_summed() -> None:
    """By distance, from their buckets."""
    table = np.zeros((DISTANCES + 1, BUCKETS), np.float32)
    table[0, bucket("entry")], table[0, bucket("<p>")], table[DISTANCES, bucket("fa")] = 2.0, 0.5, 3.0
    learnt = Weights(np.zeros(BUCKETS, np.float32), table)
    assert learnt.of_elements(around(("p", "entry"))).weights[0].tolist() == [2.5, 0.0, 0.0, 0.0]
    assert learnt.of_inner("fa") == 3.0 and learnt.of_inner("") == 0.0


def test_the_memory_grows_and_begins_anew() -> None:
    """A crawl brings ever new names: what is known grows with a register, and another register is learnt alike."""
    learnt = no_weights()
    many = [("div", f"nav-{'x' * (i % 7)} c{i}") for i in range(3000)]
    one, other = around(*many), around(*reversed(many[:50]))
    first = learnt.of_elements(one)
    assert len(learnt._kinds.own) >= 3000
    np.testing.assert_array_equal(learnt.of_elements(other).fields, first.fields[49::-1])
    assert len(learnt._kinds.own) < 3000
    np.testing.assert_array_equal(learnt.of_elements(one + other + one).fields, np.concatenate((first.fields, first.fields[49::-1], first.fields)))
