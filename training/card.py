"""Writes packages/nano/MODEL_CARD.md, the table in its README, and visual-words.json beside them.

Accuracies are those of the bundle that ships: `ovis eval nano --json > DIR/ovis-eval.json`, DIR being the runs folder. Where it also holds
`ovis-eval-f32.json` or `ovis-eval-int8.json`, of other bundles of the same checkpoint, the card compares them.
"""
import json

from .export import load_exported
from .icons import ICON_NAMES
from .model import parameter_counts
from .paths import CHECKPOINT, REPO, RUNS
from .plots import read
from .scene import NUMBERS
from .visual_words import keys, label

RESULTS = RUNS / "ovis-eval.json"
FORMS, SHIPS = ("f32", "int8", "int4"), "int4"
BEGIN, END = "<!-- measured: written by training/card.py -->\n", "<!-- end -->"
STAGES = {
    "symbolic": ("Language model and table", "the renderer's symbols with 0 to 25 % confused, questions and answers"),
    "dense": ("Vision tower and head", "the renderer's label of every cell, KL divergence"),
    "frozen": ("Language model and table", "the tower's real distributions, questions and answers"),
    "stage1": ("Last block of the tower, head, table", "captions"),
    "stage2": ("Whole visual tokenizer, table", "captions"),
    "stage3": ("Everything", "questions and answers"),
}


def table(rows):
    head, *body = rows
    return "\n".join("| " + " | ".join(map(str, r)) + " |" for r in [head, ["---"] * len(head), *body])


def line(v):
    goal = "-" if v["goal"] is None else f"{v['goal']} %"
    low, high = v["interval"]
    return [v["title"], v["questions"], f"{v['right']} %", f"{low} to {high} %", goal, f"{v['chance']} %"]


HEAD = ["Task", "n", "Right", "95 % interval", "Goal", "Chance"]


def good(v):
    return v["right"] >= 60 and v["right"] >= min(v["chance"] + 15, 90)


def wordings(results):
    """Rows: task, accuracy in a trained wording, mean and worst of five unseen wordings on the same pictures."""
    rows = [["Task", "n", "Trained wording", "Five unseen wordings", "Worst of them"]]
    for v in results:
        rows.append([v["title"], v["questions"], f"{v['trained']} %", f"{sum(v['unseen']) / len(v['unseen']):.1f} %", f"{min(v['unseen'])} %"])
    return table(rows)


def asked(suffix=""):
    """Form -> its sets, in the order of FORMS, of the bundles whose results lie beside those of what ships."""
    paths = {form: RESULTS.with_name(f"{RESULTS.stem}-{form}{suffix}.json") for form in FORMS}
    return {form: json.loads(path.read_text())["sets"] for form, path in paths.items() if path.exists()}


def forms(results):
    """The section that compares weights of 32, 8 and 4 bits, or nothing where they were not measured."""
    measured = asked() | {SHIPS: results["sets"]}
    if len(measured) == 1:
        return ""
    right = {form: [v["right"] for v in measured[form]] for form in FORMS if form in measured}
    rows = [["Task", *right]] + [[v["title"], *(f"{values[k]} %" for values in right.values())] for k, v in enumerate(results["sets"])]
    rows.append(["Mean", *(f"{sum(values) / len(values):.1f} %" for values in right.values())])
    return f"""## In fewer bits

The same questions to bundles of the same checkpoint whose weights take 32, 8 and 4 bits. One answer of 150 is 0.7 points.

{table(rows)}

{more_questions()}

"""


def more_questions():
    """Tasks that differed by more than a point, asked with more pictures: the same files with `-more`, where they are there."""
    found = asked("-more")
    if not found:
        return ""
    first = next(iter(found.values()))
    rows = [["Task", "n", *found]] + [[v["title"], v["questions"], *(f"{sets[k]['right']} %" for sets in found.values())] for k, v in enumerate(first)]
    return f"""A difference of two answers may be chance. {NUMBERS[len(first)].capitalize()} tasks with {first[0]['questions']} other questions each (`python -m training.evaluation_sets --n`,
another seed), among them all that differ by more than a point above:

{table(rows)}
"""


def write_readme(results):
    """The rows that `ovis eval nano` prints, in the README."""
    path = REPO / "packages/nano/README.md"
    before, _, rest = path.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    tables = table([HEAD] + [line(v) for v in results["sets"]]) + "\n\nThe same pictures, asked in other words:\n\n" + wordings(results["wordings"])
    path.write_text(f"{before}{BEGIN}\n{tables}\n\n{END}{after}")


def write_names(words):
    """packages/nano/visual-words.json: what each row of the visual table means."""
    lines = ",\n".join("  " + json.dumps(label(w), ensure_ascii=False) for w in words)
    (REPO / "packages/nano/visual-words.json").write_text(f"[\n{lines}\n]\n")


def main():
    write_names(keys())
    results = json.loads(RESULTS.read_text())
    write_readme(results)
    model = load_exported()
    c, counts = model.config, parameter_counts(model)
    does = table([HEAD] + [line(v) for v in results["sets"] if good(v)])
    weak = table([HEAD] + [line(v) for v in results["sets"] if not good(v)])
    stages = [["Stage", "Trained", "On", "Steps", "Wall clock, s", "CPU, s"]]
    for folder, suffix in ((RUNS / "start", " (before)"), (RUNS, "")):
        for name, (what, on) in STAGES.items():
            log = read(name, folder)
            if log:
                stages.append([name + suffix, what, on, log[-1]["step"], log[-1]["seconds"], log[-1]["cpu"]])
    size = (CHECKPOINT / "model.safetensors").stat().st_size / 1e6
    (REPO / "packages/nano/MODEL_CARD.md").write_text(f"""# Ovis Nano: model card

A very small model of the Ovis architecture (arXiv 2405.20797), trained from scratch on drawn pictures. It exists so that the SDK can be
tried, tested and documented without a download; it is no replacement for a released Ovis model.

| | |
| --- | --- |
| Layout | official Ovis2 (`model_type: ovis`, `aimv2_visual_tokenizer`, Qwen2.5 language model, five indicators) |
| Parameters | {counts['all'] / 1e6:.2f} M: vision tower {counts['vision'] / 1e6:.2f} M, visual head {counts['head'] / 1e6:.2f} M, visual table {counts['vte'] / 1e6:.2f} M, language model {counts['llm'] / 1e6:.2f} M |
| Vision tower | AIMv2, {c.vision.num_hidden_layers} blocks, width {c.vision.hidden_size}, patch {c.vision.patch_size}, side {c.vision.image_size}: {(c.vision.image_size // c.vision.patch_size) ** 2} visual tokens for a picture |
| Visual vocabulary | {c.vision.vocab_size - 5} words and 5 indicators |
| Language model | {c.language.num_hidden_layers} layers, width {c.language.hidden_size}, {c.language.num_attention_heads} heads, {c.language.vocab_size} rows, byte-level BPE of 1,000 tokens |
| File | bfloat16, {size:.1f} MB |
| Decoding | greedy; one tile (`max_partition` 1); a picture of any size is fitted into 128 x 128 |

## What it does

The greedy answer of the bundle that ships ({SHIPS}, on a processor) to the held-out questions of `@ovis/nano-sets`, as `ovis eval nano` counts
it: pictures from unseen seeds, text in fonts that were never trained on, words held out. *Chance* is the score of always giving the most
frequent answer of that task; the interval is Wilson's.

{does}

## What it does not do reliably

Measured in the same way; below 60 %, or less than 15 points above chance. These kinds of question were trained, but do not rely on them.

{weak if weak.count(chr(10)) > 1 else 'Nothing of what was measured.'}

What goals are missed, with the curves and what it would take: `training/README.md` in the repository.

## Other wordings

The same pictures, asked as in training and in five wordings that this training never used, for no kind of question. The one whose weights it
started from had met three of the 65, about icons: two of "Place of a shape" and one of "Is a colored shape there". After earlier measurements,
in which wordings of "what changed" and of the tallest bar failed, many more forms were added to the training wordings of these ("which object
changed", "which of the bars is the longest"), none of them an unseen one: those two rows flatter it.

{wordings(results['wordings'])}

{forms(results)}## How it answers

Short, in lower case, in English: `red`, `3`, `yes`, `top left`, `a red circle and a blue star`. Text is read without regard to case and
written in lower case; only letters and digits are known. It answers "I don't know." to noise, textures and icons that it never learned, and "I don't see a picture." when
there is none.

Colors: red, orange, yellow, green, blue, purple, pink, black, white, gray. Shapes: circle, square, triangle, star, heart, diamond,
hexagon, cross. Icons: {len(ICON_NAMES)} things and animals, listed in `training/icons.py`. Bar charts: an axis from 0 to 100 that fills the picture.

## Limits

* Only drawn pictures of the kinds above: no photographs, no handwriting, no documents.
* Text lines, icons and shapes must be large: letters of about 15 pixels or more after the picture is fitted into 128 x 128.
* It knows nothing about the world; any other question gets a made-up answer.
* Tiling was not trained: keep `max_partition` at 1.
* One seed. The numbers above have a statistical error of about two to six points, depending on n.

## Training

Two CPU cores, shared with other work; no pretrained weights. The visual vocabulary is the renderer's alphabet (characters in
three slots, icons, colored shapes, rows, columns), so the language model can learn from symbols while the vision tower learns from labels;
the two are then composed and trained on as in the paper. Code and recipe: `training/` in the repository. Stages marked "before" add up the
two trainings whose weights this one started from. In stage 3 the language model is trained for 4 bits (`training/four_bits.py`).

{table(stages)}

## Material and licences

The weights were trained on pictures drawn with fonts (SIL OFL 1.1; Roboto Slab: Apache 2.0; Ubuntu: Ubuntu Font Licence) and icons:
Noto Emoji and FxEmojis (Apache 2.0), Fluent Emoji (MIT), EmojiOne 2 (CC BY 4.0, Ranks.com), Streamline Emojis (CC BY 4.0, Streamline).
Twemoji (CC BY 4.0, Twitter and contributors) served for tests, and is drawn in the sample pictures under `examples/images`. No font or icon file is contained. Weights: Apache-2.0.
""")


if __name__ == "__main__":
    main()
