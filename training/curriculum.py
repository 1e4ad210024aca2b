"""Asks more often what is not yet known: each task's share of right answers in training decides how many of its questions are kept, and
how often the kind of scene that has them is drawn."""
import random

from .scene import MIX

LEAST = 0.25  # share kept of a task that is always answered right
MEMORY = 0.98  # of the running mean, per answer up to a few hundred
KINDS = {  # of scene, and what is asked about them
    "text": "read_word read_digits read_string read_words letter one_of_words describe_text".split(),
    "icons": "icon icon_at icon_exists icon_list icon_where describe_icon count".split(),
    "card": "card_text card_icon describe_card icon_exists".split(),
    "shapes": "color shape exist count count_shape count_color relation which_side where at row column describe absent count_thing exist_crossed list_shapes".split(),
    "chart": "tallest shortest tallest_value bar_value bar_count".split(),
    "unknown": "unknown_icon unknown_texture".split(),
    "blank": ["blank"],
}


class Curriculum:
    def __init__(self):
        self.right = {}

    def update(self, results):
        """results: [(task, answered right)]. Training pictures never repeat, so this measures what a held-out set would."""
        for task, right in results:
            self.right[task] = MEMORY * self.right.get(task, 0.0) + (1 - MEMORY) * right

    def wrong(self, tasks):
        return sum(1 - self.right.get(t, 0.0) for t in tasks) / len(tasks)

    def kept(self, task):
        return min(1.0, LEAST + 2 * self.wrong([task]))

    def thin(self, qa, r):
        return [q for q in qa if r.random() < self.kept(q[0])] or qa[:1]

    def kind(self, seed):
        """Kind of a scene: as in the mix, more often where more is answered wrong."""
        return random.Random(seed + 17).choices(list(MIX), [share * (LEAST + 2 * self.wrong(KINDS[k])) for k, share in MIX.items()])[0]

    def two_pictures(self):
        """Share of rows that ask what changed between two pictures."""
        return 0.06 + 0.24 * self.wrong(["change"])

    def state_dict(self):
        return self.right

    def load_state_dict(self, state):
        self.right = dict(state or {})
