"""Muon (momentum + Newton-Schulz) for the hidden matrices, AdamW for the rest."""
import torch


class Muon(torch.optim.Optimizer):
    """Matrices of one shape are orthogonalised together."""

    def __init__(self, params, lr=0.02, momentum=0.95, weight_decay=0.01):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for p in group["params"]:
                if p.grad is not None:
                    shapes.setdefault(tuple(p.shape), []).append(p)
            for shape, params in shapes.items():
                grad = torch.stack([p.grad for p in params])
                state = self.state[params[0]]
                if "momentum" not in state or state["momentum"].shape != grad.shape:
                    state["momentum"] = torch.zeros_like(grad)
                m = state["momentum"].lerp_(grad, 1 - group["momentum"])
                update = orthogonalise(grad.lerp(m, group["momentum"]))
                factor = max(1, shape[0] / shape[1]) ** 0.5
                for p, u in zip(params, update):
                    p.mul_(1 - group["lr"] * group["weight_decay"]).add_(u, alpha=-group["lr"] * factor)


def orthogonalise(g):
    x = g.bfloat16()
    tall = x.shape[1] > x.shape[2]
    x = x.mT.contiguous() if tall else x
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        a = x @ x.mT
        x = 3.4445 * x + (-4.775 * a + 2.0315 * (a @ a)) @ x
    return (x.mT if tall else x).float()


class Optimizers:
    """Both optimisers behind one face; only parameters with requires_grad are taken."""

    def __init__(self, model, muon_lr, adam_lr):
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        hidden = [p for n, p in named if p.ndim == 2 and (".blocks." in n or ".layers." in n)]
        taken = {id(p) for p in hidden}
        self.other = [p for _, p in named if id(p) not in taken]
        self.base = (muon_lr, adam_lr)
        self.parts = [
            Muon(hidden, lr=muon_lr) if hidden else None,
            torch.optim.AdamW(self.other, lr=adam_lr, betas=(0.9, 0.98), weight_decay=0.01, fused=True) if self.other else None,
        ]

    def step(self, factor):
        if self.other:
            torch.nn.utils.clip_grad_norm_(self.other, 1.0)
        for part, base in zip(self.parts, self.base):
            if part is not None:
                for group in part.param_groups:
                    group["lr"] = base * factor
                part.step()
                part.zero_grad(set_to_none=True)

    def state_dict(self):
        return [p and p.state_dict() for p in self.parts]

    def load_state_dict(self, state):
        for part, s in zip(self.parts, state):
            if part is not None:
                part.load_state_dict(s)
