"""Full-batch steps of gated linear and ReLU networks in PyTorch, float32: loss, its gradient, and the new weights."""

import torch


class Step:
    """
    E = 1/2 sum (f - y)^2. A plain step is theta -= eta grad E; with noise also T |theta|^2 / 2 sigma^2 and
    sqrt(2 eta T) noise. Gradients are PyTorch's own.
    """

    def __init__(self, options, arrays):
        self.options = options
        single = {key: torch.tensor(value, dtype=torch.float32) for key, value in arrays.items()}
        self.X, self.gates, self.y = single["X"], single.get("gates"), single["y"]
        names = ["a"] + [f"W{layer}" for layer in range(options["depth"], 0, -1)]
        self.parameters = [single[name].requires_grad_() for name in names]
        torch.manual_seed(7)

    def outputs(self):
        a, *weights = self.parameters
        h = self.X @ weights[-1].T / self.X.shape[1] ** 0.5
        if self.gates is None:
            for W in reversed(weights[:-1]):
                h = torch.relu(h) @ W.T / h.shape[1] ** 0.5
            return torch.relu(h) @ a.reshape(h.shape[1], -1) / h.shape[1] ** 0.5
        P, M = self.gates.shape
        for W in reversed(weights[:-1]):
            gated = (self.gates[:, :, None] * h[:, None, :]).reshape(P, -1)
            h = gated @ W.reshape(W.shape[0], -1).T / gated.shape[1] ** 0.5
        return ((h @ a) * self.gates).sum(1, keepdim=True) / (h.shape[1] * M) ** 0.5

    def loss(self):
        return 0.5 * ((self.outputs() - self.y) ** 2).sum()

    def run(self):
        gradients = torch.autograd.grad(self.loss(), self.parameters)
        eta, T = self.options["stepSize"], self.options["temperature"]
        noisy = self.options["noise"]
        decay = eta * T / self.options["sigma"] ** 2
        with torch.no_grad():
            for theta, gradient in zip(self.parameters, gradients):
                if noisy:
                    theta.mul_(1 - decay)
                theta.sub_(gradient, alpha=eta)
                if noisy:
                    theta.add_(torch.randn_like(theta), alpha=(2 * eta * T) ** 0.5)

    def check(self):
        loss = self.loss()
        gradients = torch.autograd.grad(loss, self.parameters)
        return {"loss": float(loss), "squared gradient": float(sum((g.double() ** 2).sum() for g in gradients))}
