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
    """Both optimisers behind one face; only parameters with requires_grad are taken. `vision`: factor on the rates of the tower and head."""

    def __init__(self, model, muon_lr, adam_lr, vision=1.0):
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        hidden = {id(p) for n, p in named if p.ndim == 2 and (".blocks." in n or ".layers." in n)}
        self.other = [p for _, p in named if id(p) not in hidden]

        def groups(base, take):
            by_part = [([p for n, p in named if take(p) and n.startswith("visual_tokenizer") == is_vision], base * (vision if is_vision else 1.0))
                       for is_vision in (True, False)]
            return [dict(params=params, lr=lr, base=lr) for params, lr in by_part if params]

        muon, adam = groups(muon_lr, lambda p: id(p) in hidden), groups(adam_lr, lambda p: id(p) not in hidden)
        self.parts = [
            Muon(muon) if muon else None,
            torch.optim.AdamW(adam, betas=(0.9, 0.98), weight_decay=0.01, fused=True) if adam else None,
        ]

    def step(self, factor):
        if self.other:
            torch.nn.utils.clip_grad_norm_(self.other, 1.0)
        for part in self.parts:
            if part is not None:
                for group in part.param_groups:
                    group["lr"] = group["base"] * factor
                part.step()
                part.zero_grad(set_to_none=True)

    def state_dict(self):
        return [p and p.state_dict() for p in self.parts]

    def load_state_dict(self, state):
        for part, s in zip(self.parts, state):
            if part is not None:
                bases = [g["base"] for g in part.param_groups]
                part.load_state_dict(s)
                for group, base in zip(part.param_groups, bases):
                    group["base"] = base
