"""Asks more often what is not yet known: each task's share of right answers in training decides how many of its questions are kept."""

LEAST = 0.25  # share kept of a task that is always answered right
MEMORY = 0.98  # of the running mean, per answer up to a few hundred


class Curriculum:
    def __init__(self):
        self.right = {}

    def update(self, results):
        """results: [(task, answered right)]. Training pictures never repeat, so this measures what a held-out set would."""
        for task, right in results:
            self.right[task] = MEMORY * self.right.get(task, 0.0) + (1 - MEMORY) * right

    def kept(self, task):
        return min(1.0, LEAST + 2 * (1 - self.right.get(task, 0.0)))

    def thin(self, qa, r):
        return [q for q in qa if r.random() < self.kept(q[0])] or qa[:1]

    def state_dict(self):
        return self.right

    def load_state_dict(self, state):
        self.right = dict(state or {})
