"""Scenes, their symbols and their held-out halves."""
import numpy as np
import pytest

from training.paths import MATERIAL

if not (MATERIAL / "words.json").exists():
    pytest.skip("material not fetched", allow_module_level=True)

from training import material, visual_words as V
from training.dialogue import change
from training.phrases import PLAIN, UNSEEN, VARIED
from training.render import render
from training.scene import scene
from training.scenes import KINDS
from training.textures import TEXTURES
from training.tokenizer import decode, encode
from training.wordings import bare


@pytest.mark.parametrize("kind", KINDS)
def test_a_scene_is_deterministic_and_its_symbols_are_distributions(kind):
    for seed in range(20):
        a, b = scene(seed, "test", kind), scene(seed, "test", kind)
        assert a.qa == b.qa and np.array_equal(render(a), render(b)) and render(a).shape == (128, 128, 3)
        p = V.distributions([V.content(a)], 0.2, np.random.RandomState(seed))
        np.testing.assert_allclose(p.sum(-1), 1, atol=1e-5)


def test_another_wording_asks_the_same_of_the_same_picture():
    for seed in range(40):
        trained = scene(seed, "test", "shapes", wording="plain")
        for k in range(5):
            other = scene(seed, "test", "shapes", wording=k)
            assert other.shapes == trained.shapes
            asked = lambda s: sorted((q[0], q[2]) for q in s.qa if q[0] in ("color", "exist", "relation", "describe"))
            assert asked(other) == asked(trained)
            assert not {q[1] for q in other.qa} & {q[1] for q in trained.qa}


def test_held_out_material_is_disjoint():
    assert not set(material.words("train")) & set(material.words("test"))
    assert not set(material.fonts("train")) & set(material.fonts("test"))
    assert len(set(TEXTURES["test"]) - set(TEXTURES["train"])) >= 4


def test_every_visual_word_has_one_key():
    assert len(V.keys()) == len(set(V.keys())) == V.WORDS


def test_a_change_is_what_the_answer_says():
    for seed in range(60):
        (before, after), questions = change(seed)
        answer = next(a for task, _, a, _ in questions if task == "change")
        a, b = ({(color, shape) for shape, color, *_ in s.shapes} for s in (before, after))
        if "added" in answer:
            assert len(after.shapes) == len(before.shapes) + 1
        elif "gone" in answer:
            assert len(after.shapes) == len(before.shapes) - 1
        else:
            assert len(after.shapes) == len(before.shapes) and a != b


def test_a_bar_top_gives_back_its_value():
    for seed in range(30):
        s = scene(seed, "train", "chart")
        entries = [tuple(e) for e in V.content(s)[0].tolist()]
        for color, x, width, value in s.bars:
            column = int((x + width / 2) // V.CELL)
            rows = [q // V.GRID for q, w in entries if w == V.shape_word("bar", color) and q % V.GRID == column]
            level = next(w - V.LEVEL for q, w in entries if V.LEVEL <= w < V.PART and q == min(rows) * V.GRID + column)
            top = (min(rows) + 1) * V.CELL - (level + 0.5) * 2
            assert abs(116 - top - value) <= 1.5


def test_no_unseen_wording_is_trained():
    trained = {bare(w) for wordings in (*PLAIN.values(), *VARIED.values()) for w in wordings}
    for kind, wordings in UNSEEN.items():
        assert not {bare(w) for w in wordings} & trained
        assert len(VARIED[kind]) > 30


def test_questions_survive_the_tokenizer():
    for wordings in UNSEEN.values():
        for text in wordings:
            assert decode(encode(text)) == text
