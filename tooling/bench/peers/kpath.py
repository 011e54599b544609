"""Steps of SGD with momentum on a k-path network in PyTorch, float32: all pairs by one product, as published."""

import torch
from torch.nn import functional


class Step:
    def __init__(self, options, arrays):
        single = {key: torch.tensor(value, dtype=torch.float32) for key, value in arrays.items()}
        M, D, H, C = (options[key] for key in ("domains", "features", "width", "classes"))
        self.gate = single["gate"]
        self.inputs = single["inputs"].reshape(M, -1, D)
        self.labels = torch.tensor(arrays["labels"], dtype=torch.long).reshape(M, -1)
        sizes = {"encoders": (M, H, D + 1), "hidden": (1, H, H + 1), "decoders": (M, C, H + 1)}
        self.weights = {}
        for name, shape in sizes.items():
            self.weights[name] = single[name].reshape(shape).clone()
        # Weights and biases apart, as layers keep them.
        self.parameters = []
        for name in sizes:
            both = self.weights[name]
            self.parameters += [both[:, :, :-1].contiguous().requires_grad_(), both[:, :, -1].contiguous().requires_grad_()]
        self.optimizer = torch.optim.SGD(self.parameters, lr=options["rate"], momentum=options["momentum"])

    def loss(self):
        We, be, Wh, bh, Wd, bd = self.parameters
        M, B, D = self.inputs.shape
        code = torch.baddbmm(be[:, None, :], self.inputs, We.transpose(1, 2)).reshape(M * B, -1)
        hidden = functional.linear(code, Wh[0], bh[0])
        C = Wd.shape[1]
        logits = functional.linear(hidden, Wd.reshape(M * C, -1), bd.reshape(-1)).reshape(M, B, M, C)
        labels = self.labels.T[None].expand(M, B, M)
        losses = functional.cross_entropy(logits.reshape(-1, C), labels.reshape(-1), reduction="none")
        return (losses.reshape(M, B, M).mean(1) * self.gate).sum() / self.gate.sum()

    def run(self):
        self.optimizer.zero_grad()
        self.loss().backward()
        self.optimizer.step()

    def check(self):
        loss = self.loss()
        gradients = torch.autograd.grad(loss, self.parameters)
        return {"loss": float(loss), "squared gradient": float(sum((g.double() ** 2).sum() for g in gradients))}
