"""Two drivers never work in the same folder."""
import fcntl

import pytest

from training import run


def test_second_driver_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "LOCK", tmp_path / "run.lock")
    monkeypatch.setattr(run, "PATIENCE", 1)
    first = run.alone()
    with pytest.raises(RuntimeError, match="Another run"):
        run.alone()
    with open(run.LOCK) as stage:  # outlives its driver
        fcntl.flock(stage, fcntl.LOCK_SH)
        first.close()
        with pytest.raises(RuntimeError, match="Another run"):
            run.alone()
    run.alone().close()


def test_a_stage_that_keeps_failing_stops_the_lane(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "RUNS", tmp_path)
    monkeypatch.setattr(run, "LOCK", tmp_path / "run.lock")
    monkeypatch.setattr(run, "TRIES", 2)
    monkeypatch.setattr(run, "PAUSE", 0)
    run.LOCK.touch()
    with pytest.raises(RuntimeError, match="failed 2 times"):
        run.stage("no_such_stage")
    assert not (tmp_path / "finished").exists()
