"""Starts from the checkpoint of an earlier training whose visual words or text tokens were others.

Beside the checkpoint lies `legend.json`: `words`, what each row of the visual table was (see visual_words.keys), and `tokenizer`, the
tokenizer file. Rows are matched by meaning; rows without a counterpart keep their initial values, everything else is copied.

`python -m training.warm_start RELEASED FOLDER` makes such a folder from a released checkpoint of the present visual words.
"""
import argparse
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer

from . import visual_words as V
from .config import EMBED_SCALE
from .model import INDICATORS
from .tokenizer import tokenizer

WORD_ROWS = ("vte.weight", "visual_tokenizer.head.0.weight", "visual_tokenizer.head.1.weight", "visual_tokenizer.head.1.bias")
TOKEN_ROWS = ("llm.model.embed_tokens.weight",)


def matches(old, new):
    """-> (indices in new, indices in old) of what both lists contain"""
    where = {k: i for i, k in enumerate(old)}
    pairs = [(i, where[k]) for i, k in enumerate(new) if k in where]
    return [i for i, _ in pairs], [j for _, j in pairs]


def tokens(t):
    names = {i: token for token, i in t.get_vocab().items()}
    return [names.get(i) for i in range(max(names) + 1)]


def warm_start(model, path, prefixes):
    """Copies the parameters whose names start with one of the prefixes."""
    legend = json.loads((Path(path).parent / "legend.json").read_text())
    weights = torch.load(path, weights_only=False)["model"]
    words = matches(legend["words"], V.keys() + [f"indicator {i}" for i in range(INDICATORS)])
    text = matches(tokens(Tokenizer.from_str(json.dumps(legend["tokenizer"]))), tokens(tokenizer()))
    with torch.no_grad():
        for name, p in model.named_parameters():
            if not name.startswith(tuple(prefixes)) or name not in weights:
                continue
            if name in WORD_ROWS or name in TOKEN_ROWS:
                rows = words if name in WORD_ROWS else text
                kept = [(i, j) for i, j in zip(*rows) if i < len(p) and j < len(weights[name])]
                p[[i for i, _ in kept]] = weights[name][[j for _, j in kept]]
            else:
                p.copy_(weights[name])


def from_release(released, folder):
    """The released weights as those of both stages that a training starts from, in the parametrisation of the training."""
    from .export import load_exported

    folder.mkdir(parents=True, exist_ok=True)
    model = load_exported(released)
    model.fold_scale(1 / EMBED_SCALE)
    for stage in ("dense", "stage3"):
        torch.save({"model": model.state_dict()}, folder / f"{stage}.pt")
    legend = {"words": V.keys() + [f"indicator {i}" for i in range(INDICATORS)], "tokenizer": json.loads((released / "tokenizer.json").read_text())}
    (folder / "legend.json").write_text(json.dumps(legend))


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("released", type=Path, help="folder of a released checkpoint, such as packages/nano/checkpoint")
    p.add_argument("folder", type=Path, help="is made; give it to `python -m training.run --start`")
    a = p.parse_args()
    from_release(a.released, a.folder)
