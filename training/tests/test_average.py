"""The mean of two towers."""
import pytest
import torch

from training import average as module


def test_only_the_tower_becomes_the_mean_and_only_once(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "RUNS", tmp_path)
    monkeypatch.setattr(module, "checkpoint_path", lambda name: tmp_path / f"{name}.pt")
    mine = {"visual_tokenizer.head": torch.tensor([1.0, 3.0]), "llm.x": torch.tensor([5.0])}
    torch.save({"model": mine, "step": 9, "elapsed": 1.0, "cpu": 1.0}, tmp_path / "dense.pt")
    torch.save({"model": {"visual_tokenizer.head": torch.tensor([3.0, 3.0])}}, tmp_path / "old.pt")
    module.average("dense", tmp_path / "old.pt", 0.25)
    saved = torch.load(tmp_path / "dense.pt", weights_only=False)
    assert saved["model"]["visual_tokenizer.head"].tolist() == [1.5, 3.0] and saved["model"]["llm.x"].tolist() == [5.0] and saved["step"] == 9
    assert '"averaged": 0.25' in (tmp_path / "dense.jsonl").read_text()
    with pytest.raises(SystemExit):
        module.average("dense", tmp_path / "old.pt")
