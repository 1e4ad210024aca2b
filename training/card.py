"""Writes packages/nano/MODEL_CARD.md from the evaluation of the exported checkpoint and from the logs."""
import json

from .export import load_exported
from .model import parameter_counts
from .paths import CHECKPOINT, REPO, RUNS
from .plots import read

TASKS = {  # task -> (what it is, an example question)
    "color": ("Color of a shape", "What color is the star?"),
    "shape": ("Shape of a color", "What shape is the red one?"),
    "exist": ("Is a colored shape there", "Is there a blue circle?"),
    "count": ("Number of objects, 0 to 6", "How many objects are there?"),
    "count_shape": ("Number of one shape", "How many stars are there?"),
    "count_color": ("Number of one color", "How many red shapes are there?"),
    "where": ("Place of a shape, nine places", "Where is the red circle?"),
    "at": ("Shape at a place", "What is at the top left?"),
    "relation": ("Relation of two shapes", "Is the red circle above the blue star?"),
    "describe_shapes": ("Sentence about up to four shapes", "Describe the picture."),
    "icon (trained styles)": ("Name of an icon, 132 names, trained drawing styles", "What is this?"),
    "icon (unseen style)": ("Name of an icon, drawing style never trained on", "What is this?"),
    "icon_exists (trained styles)": ("Is an icon there, trained styles", "Is there a dog?"),
    "icon_exists (unseen style)": ("Is an icon there, unseen style", "Is there a dog?"),
    "icon_at (trained styles)": ("Icon at a place, trained styles", "What is on the left?"),
    "icon_at (unseen style)": ("Icon at a place, unseen style", "What is on the left?"),
    "icon_where (trained styles)": ("Place of an icon, trained styles", "Where is the dog?"),
    "icon_where (unseen style)": ("Place of an icon, unseen style", "Where is the dog?"),
    "icon_list (trained styles)": ("All of two to four icons, trained styles", "What do you see?"),
    "icon_list (unseen style)": ("All of two to four icons, unseen style", "What do you see?"),
    "describe_icon (trained styles)": ("Sentence about one icon, trained styles", "Describe the image."),
    "describe_icon (unseen style)": ("Sentence about one icon, unseen style", "Describe the image."),
    "read_digits": ("A number of 1 to 5 digits, unseen fonts", "What number is this?"),
    "read_word": ("A word of 2 to 7 letters, unseen words and fonts", "What does the text say?"),
    "read_words": ("Two such words", "Read the text."),
    "one_of_two": ("One of two words", "What is the first word?"),
    "letter": ("First or last letter", "What is the first letter?"),
    "describe_text": ("Sentence about a text", "Describe the image."),
    "card_icon (trained styles)": ("Icon beside a text, trained styles", "Which icon is in the picture?"),
    "card_icon (unseen style)": ("Icon beside a text, unseen style", "Which icon is in the picture?"),
    "card_text": ("Small text below or above an icon", "What does the text say?"),
    "describe_card (trained styles)": ("Sentence about icon and text, trained styles", "Describe the picture."),
    "describe_card (unseen style)": ("Sentence about icon and text, unseen style", "Describe the picture."),
    "absent": ("Asked about a shape that is not there", "What color is the star?"),
    "noise": ('Noise: says "I don\'t know."', "What is this?"),
    "blank": ("Empty picture", "What do you see?"),
    "no_picture": ("Asked without a picture", "What is this?"),
    "talk": ("Small talk without a picture, fixed answers", "Who are you?"),
    "pair_what": ("One of two pictures, unseen icon style", "What is in image 1?"),
    "pair_which": ("Which of two pictures, unseen icon style", "Which image shows a dog?"),
}
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


FIXED = ("noise", "no_picture")  # one answer by construction: no chance level


def good(task, v):
    return v["accuracy"] >= 60 and (task in FIXED or v["accuracy"] >= v["chance"] + 15)


def main():
    results = json.loads((RUNS / "evaluation.json").read_text())
    model = load_exported()
    c, counts = model.config, parameter_counts(model)
    line = lambda t: [TASKS[t][0], TASKS[t][1], results[t]["n"], f"{results[t]['accuracy']} %", "-" if t in FIXED else f"{results[t]['chance']} %"]
    head = ["Task", "Example", "n", "Right", "Chance"]
    does = table([head] + [line(t) for t in TASKS if t in results and good(t, results[t])])
    weak = table([head] + [line(t) for t in TASKS if t in results and not good(t, results[t])])
    stages = [["Stage", "Trained", "On", "Steps", "Wall clock, s", "CPU, s"]]
    for name, (what, on) in STAGES.items():
        log = read(name)
        if log:
            stages.append([name, what, on, log[-1]["step"], log[-1]["seconds"], log[-1]["cpu"]])
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

Exact match of the greedy answer on pictures from unseen seeds, float32 arithmetic on the stored weights. Text is set in fonts that were
never trained on; words are held out. *Chance* is the score of always giving the most frequent answer of that task.

{does}

## What it does not do reliably

Measured in the same way; below 60 %, or less than 15 points above chance. These kinds of question were trained, but do not rely on them.

{weak if weak.count(chr(10)) > 1 else 'Nothing of what was measured.'}

## How it answers

Short, in lower case, in English: `red`, `3`, `yes`, `top left`, `a red circle and a blue star`. Text is read without regard to case and
written in lower case; only letters and digits are known. It answers "I don't know." to noise, and "I don't see a picture." when
there is none. Each question was trained in several phrasings; other wordings may fail.

Colors: red, orange, yellow, green, blue, purple, pink, black, white, gray. Shapes: circle, square, triangle, star, heart, diamond,
hexagon, cross. Icons: 132 everyday things and animals, listed in `training/material.py`.

## Limits

* Only drawn pictures of the kinds above: no photographs, no handwriting, no charts, no documents.
* Text lines, icons and shapes must be large: letters of about 17 pixels or more after the picture is fitted into 128 x 128.
* It knows nothing about the world; any other question gets a made-up answer.
* Tiling was not trained: keep `max_partition` at 1.
* One training run, one seed. The numbers above have a statistical error of about two to six points, depending on n.

## Training

Two CPU cores, shared with other work; no pretrained weights. The visual vocabulary is the renderer's alphabet (characters in
three slots, icons, colored shapes, rows, columns), so the language model can learn from symbols while the vision tower learns from labels;
the two are then composed and trained on as in the paper. Code and recipe: `training/` in the repository.

{table(stages)}

The stages of the paper ran as two processes; CPU seconds are of one of them.

## Material and licences

The weights were trained on pictures drawn with fonts (SIL OFL 1.1; Roboto Slab: Apache 2.0; Ubuntu: Ubuntu Font Licence) and icons:
Noto Emoji and FxEmojis (Apache 2.0), Fluent Emoji (MIT), EmojiOne 1 (CC BY 4.0, Ranks.com). Twemoji (CC BY 4.0, Twitter and
contributors) served for tests, and is drawn in the sample pictures under `examples/images`. No font or icon file is contained. Weights: Apache-2.0.
""")


if __name__ == "__main__":
    main()
