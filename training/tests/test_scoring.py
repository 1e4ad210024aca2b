"""The scoring rules on answers that must and must not count."""
import pytest

from training.scoring import RULES, things


@pytest.mark.parametrize("rule, text, answer, counts", [
    ("exact", " Red. ", "red", True),
    ("exact", "red star", "red", False),
    ("within-5-percent", "about 84", "80", True),
    ("within-5-percent", "85", "80", False),
    ("within-5-percent", "none", "80", False),
    ("same-things", "a blue heart and two red stars", "two red stars and a blue heart", True),
    ("same-things", "two red stars and a red heart", "two red stars and a blue heart", False),
    ("same-things", "a red star", "two red stars", False),
    ("same-things", "three crosses, a box and two red hexagons", "two red hexagons, a box and three crosses", True),
    ("says-unknown", "I don't know.", "I don't know.", True),
    ("says-unknown", "a dog", "I don't know.", False),
])
def test_rule(rule, text, answer, counts):
    assert RULES[rule](text, answer) is counts


def test_plurals_return_to_the_singular():
    assert things("two crosses, three boxes and four diamonds") == [(2, "cross"), (3, "box"), (4, "diamond")]
