"""The Qwen conversation format of Ovis2 and the ids of a prompt."""
SYSTEM = "You are a helpful assistant."
IMAGE = "<image>"
ROLES = {"system": "system", "human": "user", "gpt": "assistant"}


def render(conversation, preface=""):
    """Prompt text of a query string or of a list of `from`/`value` turns; `preface=None` leaves out the open answer."""
    if isinstance(conversation, str):
        conversation = [{"from": "human", "value": conversation}]
    turns = list(conversation)
    if turns[0]["from"] != "system":
        turns.insert(0, {"from": "system", "value": SYSTEM})
    text = "".join(f"<|im_start|>{ROLES[t['from']]}\n{t['value']}<|im_end|>\n" for t in turns)
    return text if preface is None else text + "<|im_start|>assistant\n" + preface


def prompt_ids(tokenizer, text, image_marker=(-200,)):
    """Each chunk between markers is tokenised alone; `image_marker`: ids for each marker, in order when a list of lists."""
    chunks = text.split(IMAGE)
    markers = list(image_marker)
    if not isinstance(markers[0], (list, tuple)):
        markers = [markers] * (len(chunks) - 1)
    ids = list(tokenizer.encode(chunks[0], add_special_tokens=False).ids)
    for chunk, marker in zip(chunks[1:], markers):
        ids += list(marker) + tokenizer.encode(chunk, add_special_tokens=False).ids
    return ids
