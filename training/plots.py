"""Curves of the stages as SVG, from the JSON-lines logs."""
import json

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from .paths import RUNS

CURVES = RUNS / "curves"  # copied to training/curves with a release of the weights


def read(name, folder=RUNS):
    path = folder / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def save(figure, file):
    CURVES.mkdir(exist_ok=True)
    figure.tight_layout()
    figure.savefig(CURVES / file, metadata={"Date": None})
    plt.close(figure)


def main():
    plt.rcParams["svg.hashsalt"] = "nano"

    rows = [r for r in read("dense") if isinstance(r.get("right"), dict)]
    figure, ax = plt.subplots(figsize=(7, 4))
    labels = {"text:test": "characters, unseen words and fonts", "icons:train": "icons, trained styles", "icons:test": "icons, unseen style",
              "shapes:test": "shape + color", "chart:test": "bars", "unknown:test": "unknown textures and icons"}
    for key, label in labels.items():
        ax.plot([r["pictures"] / 1000 for r in rows], [r["right"].get(key) for r in rows], label=label)
    ax.set(xlabel="thousand pictures", ylabel="right in their cell, %", title="Dense stage", ylim=(0, 100))
    ax.legend()
    save(figure, "dense.svg")

    rows = [r for r in read("symbolic") if "clean" in r]
    figure, ax = plt.subplots(figsize=(7, 4))
    for key in ("color", "shape", "exist", "count", "icon", "read_digits", "read_word", "where", "relation", "describe", "change", "tallest_value"):
        ax.plot([r["scenes"] / 1000 for r in rows], [r["clean"].get(key) for r in rows], label=key)
    ax.set(xlabel="thousand scenes", ylabel="exact answers, %", title="Symbolic stage, clean symbols, held-out scenes", ylim=(0, 100))
    ax.legend(fontsize=8, ncol=2)
    save(figure, "symbolic.svg")

    figure, ax = plt.subplots(figsize=(7, 4))
    offset = 0
    for name in ("frozen", "stage1", "stage2", "stage3"):
        rows = [r for r in read(name) if "language" in r]
        if rows:
            ax.plot([(offset + r["seconds"]) / 60 for r in rows], [r["language"] for r in rows], label=name)
            offset += rows[-1]["seconds"]
    if offset:
        ax.set(xlabel="minutes", ylabel="language loss", title="On real pictures", yscale="log")
        ax.legend()
        save(figure, "stages.svg")


if __name__ == "__main__":
    main()
