"""Results of the ablation as ablation/results.json, ablation/table.md and curves/ablation.svg; works on what is there so far."""
import json
from statistics import mean, stdev

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from .ablation import SEEDS, VARIANTS
from .paths import RUNS
from .plots import read, save


def spread(values, digits):
    return f"{mean(values):.{digits}f}" + (f" ± {stdev(values):.{digits}f}" if len(values) > 1 else "")


def main():
    folder = RUNS / "ablation"
    found = [json.loads(f.read_text()) for f in sorted(folder.glob("*-[0-9]*.json"))]
    lines = ["| Variant | Seeds | Held-out loss | Right, mean of the tasks, % | Words in use | Entropy, nats |", "| --- | --- | --- | --- | --- | --- |"]
    for variant in VARIANTS:
        rows = [r for r in found if r["variant"] == variant]
        if rows:
            words = spread([r["words_used"] for r in rows], 0) if "words_used" in rows[0] else "-"
            entropy = spread([r["entropy"] for r in rows], 2) if "entropy" in rows[0] else "-"
            lines.append(f"| {variant} | {len(rows)} | {spread([r['held_out_loss'] for r in rows], 3)} | {spread([r['mean_right'] for r in rows], 1)} | {words} | {entropy} |")
    (folder / "results.json").write_text(json.dumps(found, indent=1) + "\n")
    (folder / "table.md").write_text("\n".join(lines) + "\n")

    figure, ax = plt.subplots(figsize=(7, 4))
    for variant, color in zip(VARIANTS, plt.rcParams["axes.prop_cycle"].by_key()["color"]):
        for seed in SEEDS:
            rows = [r for r in read(f"ablation-{variant}-{seed}") if "held_out_loss" in r]
            ax.plot([r["step"] for r in rows], [r["held_out_loss"] for r in rows], color=color, label=variant if seed == SEEDS[0] else None)
    ax.set(xlabel="steps", ylabel="held-out loss", title="Connectors, three seeds each", yscale="log")
    ax.legend()
    save(figure, "ablation.svg")


if __name__ == "__main__":
    main()
