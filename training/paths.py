"""Where things are. Material, checkpoints and logs stay outside the repository: set OVIS_TRAINING_RUNS to choose the folder."""
import os
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
RUNS = Path(os.environ.get("OVIS_TRAINING_RUNS", Path.home() / ".cache" / "ovis-training"))
MATERIAL = RUNS / "material"
CHECKPOINT = REPO / "packages/nano/checkpoint"
GOLDEN = REPO / "packages/nano/golden"
EXAMPLES = REPO / "examples/images"
FIXTURE = REPO / "packages/testing/fixtures/ovis2-tiny"
