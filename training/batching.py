"""Questions and answers -> the exact token sequences of the official prompt, several questions per picture.

The part up to the picture is shared. Each question is a branch that sees the shared part and itself only (a block mask), at the
positions it would have alone; some samples are chained instead into a true conversation of several turns.
"""
from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F

from .model import INDICATORS
from .prompt import SYSTEM
from .tokenizer import encode, encode_answer, token_id

VISUAL = 64  # visual tokens per picture
START = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n"
LAYOUTS = {  # text before, between and after the pictures
    "one": [START, "\n"],
    "two": [START + "Image 1: ", "\nImage 2: ", "\n"],
    "none": [START],
}


def question_ids(question):
    return encode(question) + encode("<|im_end|>\n<|im_start|>assistant\n")


@lru_cache
def next_turn_ids():
    return encode("\n<|im_start|>user\n")


@dataclass
class Batch:
    layout: str
    ids: torch.Tensor  # [n, L] tokens after the shared part
    labels: torch.Tensor  # [n, L], the token that follows each position or -100
    positions: torch.Tensor  # [n, shared + L]
    mask: torch.Tensor  # [n, 1, T, T]
    spans: list  # (row, start, end, task)


@lru_cache
def shared_length(layout):
    texts = LAYOUTS[layout]
    return sum(len(encode(t)) for t in texts) + (VISUAL + 3) * (len(texts) - 1)


def collate(questions, layout="one", budget=144, rng=None, chain=0.25):
    """questions: for each row a list of (task, question, answer, spelled)."""
    shared = shared_length(layout)
    end = token_id("<|im_end|>")
    rows, spans = [], []
    for b, qa in enumerate(questions):
        ids, labels, positions, segment = [], [], [], []
        chained = rng is not None and rng.rand() < chain
        for n, (task, question, answer, spelled) in enumerate(qa):
            q, a = question_ids(question), encode_answer(answer, spelled) + (end,)
            if chained and ids:
                q = next_turn_ids() + q
            size = len(q) + len(a)
            if ids and len(ids) + size > budget:
                continue
            spans.append((b, len(ids), len(ids) + size, task))
            first = positions[-1] + 1 if chained and positions else shared
            ids += q + a
            labels += [-100] * (len(q) - 1) + list(a) + [-100]
            positions += range(first, first + size)
            segment += [1 if chained else n + 1] * size
        rows.append((ids, labels, positions, segment))
    n, length = len(rows), -(-max(len(r[0]) for r in rows) // 32) * 32  # few distinct shapes: kernels are compiled per shape
    ids, labels = torch.zeros(n, length, dtype=torch.long), torch.full((n, length), -100)
    positions, segment = torch.zeros(n, shared + length, dtype=torch.long), torch.full((n, shared + length), -1)
    positions[:, :shared], segment[:, :shared] = torch.arange(shared), 0
    for b, (i, l, p, s) in enumerate(rows):
        k = len(i)
        ids[b, :k], labels[b, :k] = torch.tensor(i), torch.tensor(l)
        positions[b, shared : shared + k], segment[b, shared : shared + k] = torch.tensor(p), torch.tensor(s)
    total = shared + length
    allowed = (segment[:, :, None] == segment[:, None]) | (segment[:, None] == 0)
    allowed &= torch.ones(total, total, dtype=torch.bool).tril()
    return Batch(layout, ids, labels, positions, torch.where(allowed, 0.0, -1e9).unsqueeze(1), spans)


def sequence(model, batch, visual):
    """-> embeddings [n, T, h]. visual: embeddings [n, pictures, 64, h], or None without pictures."""
    n = batch.ids.shape[0]
    table = model.vte.weight
    token = model.llm.model.embed_tokens.weight
    indicator = table[-INDICATORS:]
    text = lambda t: F.embedding(torch.tensor(encode(t)), token).expand(n, -1, -1)
    mark = lambda *k: indicator[list(k)].expand(n, -1, -1)
    texts = LAYOUTS[batch.layout]
    parts = [text(texts[0])]
    if len(texts) > 1:
        for i, after in enumerate(texts[1:]):
            parts += [mark(0), visual[:, i].to(token.dtype), mark(1, 4), text(after)]
    parts.append(F.embedding(batch.ids, token))
    return torch.cat(parts, 1) * model.embed_scale


def language_loss(model, batch, probs):
    """-> (loss, predicted ids at the labelled positions, mask of those). probs: [n, pictures, 64, words], or None without pictures."""
    return embedded_loss(model, batch, None if probs is None else model.visual_embeds(probs))


def embedded_loss(model, batch, visual):
    """The same for visual embeddings, wherever they come from."""
    hidden = model.hidden(sequence(model, batch, visual), batch.positions, batch.mask)
    hidden = hidden[:, -batch.ids.shape[1] :]
    known = batch.labels >= 0
    count = int(known.sum())
    logits = model.llm.logits(F.pad(hidden[known], (0, 0, 0, -count % 128)))[:count]
    return F.cross_entropy(logits.float(), batch.labels[known]), logits.argmax(-1), known


def exact(batch, predicted, known):
    """Exact match of each answer under teacher forcing, which equals exact match of greedy decoding -> [(task, bool)]"""
    right = torch.ones_like(known)
    right[known] = predicted == batch.labels[known]
    return [(task, bool(right[b, s:e].all())) for b, s, e, task in batch.spans]
