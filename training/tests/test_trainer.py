"""A killed stage goes on where it was, and an early end decays the rate properly."""
import json

import pytest
import torch

from training import trainer
from training.curriculum import Curriculum


class Model(torch.nn.Linear):
    def cap_attention(self):
        pass


@pytest.fixture
def begin(tmp_path, monkeypatch):
    monkeypatch.setattr(trainer, "RUNS", tmp_path)

    def begin(steps=10, extra=None):
        torch.manual_seed(0)
        model = Model(3, 3)
        return trainer.Run("stage", steps, model, torch.optim.SGD(model.parameters(), 0.1, momentum=0.9), save_every=0, extra=extra)

    return begin


def steps(run, count):
    for _ in range(count):
        x = torch.full((2, 3), run.step + 1.0)
        run.model(x).square().mean().mul(1e-3).backward()
        run.optimizers.step()
        run.optimizers.zero_grad()
        run.tick(loss=1.0)


def test_interrupted_equals_uninterrupted(begin, tmp_path):
    whole = begin()
    steps(whole, 6)
    (tmp_path / "checkpoints/stage.pt").unlink()
    steps(begin(), 3)
    rest = begin()
    assert rest.step == 3
    steps(rest, 3)
    torch.testing.assert_close(rest.model.weight, whole.model.weight, rtol=0, atol=0)


def test_steps_file_ends_a_stage_early(begin, tmp_path):
    run = begin(1000)
    steps(run, 4)
    (tmp_path / "stage.steps").write_text("5")
    assert run.factor < 0.6
    steps(run, 1)
    assert run.done


def test_log_lines_are_json(begin, tmp_path):
    run = begin()
    steps(run, 2)
    run.log(done=True)
    assert json.loads((tmp_path / "stage.jsonl").read_text())["loss"] == 1.0


def test_curriculum_asks_less_of_what_is_known(begin):
    c = Curriculum()
    for _ in range(300):
        c.update([("easy", True), ("hard", False)])
    assert c.kept("easy") < 0.3 and c.kept("hard") == c.kept("new") == 1.0
    steps(begin(extra=c), 1)
    again = Curriculum()
    begin(extra=again)
    assert again.right == c.right
