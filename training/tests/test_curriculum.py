"""What is answered wrong is drawn and asked more often."""
from collections import Counter

from training.curriculum import KINDS, Curriculum
from training.scene import MIX, scene


def test_every_question_belongs_to_its_kind():
    for kind in MIX:
        asked = {q[0] for seed in range(60) for q in scene(10_000 + seed, "train", kind).qa}
        assert asked <= set(KINDS[kind]), (kind, asked - set(KINDS[kind]))


def test_kinds_that_are_answered_wrong_come_more_often():
    curriculum = Curriculum()
    curriculum.right = {task: 1.0 for tasks in KINDS.values() for task in tasks} | {"change": 1.0}
    known = Counter(curriculum.kind(seed) for seed in range(2000))
    few = curriculum.two_pictures()
    for task in KINDS["chart"]:
        curriculum.right[task] = 0.2
    curriculum.right["change"] = 0.0
    assert Counter(curriculum.kind(seed) for seed in range(2000))["chart"] > 3 * known["chart"]
    assert curriculum.two_pictures() > 3 * few
