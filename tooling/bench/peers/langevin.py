"""Overdamped Langevin dynamics of a one-layer GGDLN in PyTorch, at the largest step that keeps variances honest."""

import numpy as np
import torch

STEPS = 3000


class Langevin:
    """theta -= eta grad U - sqrt(2 eta T) noise, U = E + T |theta|^2 / 2 sigma^2, from a draw of the posterior."""

    def __init__(self, options, arrays):
        self.sigma, self.T = options["sigma"], options["temperature"]
        single = {key: torch.tensor(value, dtype=torch.float32) for key, value in arrays.items()}
        self.X, self.gates, self.y = single["X"], single["gates"], single["y"].ravel()
        self.test_X, self.test_gates = single["testX"], single["testGates"]
        self.W, self.a = single["W1"].clone(), single["a"].clone()
        torch.manual_seed(7)
        self.energy_at_start = 0.5 * float(((self.outputs(self.X, self.gates) - self.y) ** 2).sum())
        self.test_at_start = self.outputs(self.test_X, self.test_gates)
        self.step_size = self.choose_step(options["bias"], arrays)
        trace = self.record(STEPS)
        sizes = [effective_sample_size(column) for column in trace.T]
        self.results = {"perStep": float(np.median(sizes)) / STEPS, "stepSize": self.step_size}

    def outputs(self, X, gates):
        N, M = self.a.shape
        h = X @ self.W.T
        return ((h @ self.a) * gates).sum(1) / (N * M * X.shape[1]) ** 0.5

    def run(self):
        N, M = self.a.shape
        N0 = self.X.shape[1]
        h = self.X @ self.W.T
        branches = h @ self.a
        scale = 1 / (N * M * N0) ** 0.5
        error = scale * (scale * (branches * self.gates).sum(1) - self.y)
        pulled = error[:, None] * self.gates
        decay = self.T / self.sigma**2
        gradient_a = h.T @ pulled
        gradient_W = (pulled @ self.a.T).T @ self.X
        eta = self.step_size
        noise = (2 * eta * self.T) ** 0.5
        for theta, gradient in ((self.a, gradient_a), (self.W, gradient_W)):
            theta.mul_(1 - eta * decay).sub_(gradient, alpha=eta).add_(torch.randn_like(theta), alpha=noise)

    def record(self, steps):
        trace = np.empty((steps, len(self.test_at_start)))
        for step in range(steps):
            self.run()
            trace[step] = self.outputs(self.test_X, self.test_gates).numpy()
        if not np.isfinite(trace).all():
            raise RuntimeError(f"Langevin diverged at step size {self.step_size}")
        return trace

    def choose_step(self, bias, arrays):
        """
        The largest step whose stationary variance of f is within the bias of the posterior's, for the network
        linearised at a draw of the posterior: a direction of curvature l has its variance multiplied by
        1 / (1 - eta l / 2), and there all is known in closed form.
        """
        W, a = arrays["W1"], arrays["a"]
        train, test = (arrays["X"], arrays["gates"]), (arrays["testX"], arrays["testGates"])
        kernel = self.tangent_kernel(W, a, train, train)
        cross = self.tangent_kernel(W, a, test, train)
        own = np.diag(self.tangent_kernel(W, a, test, test))
        decay = self.T / self.sigma**2
        curvatures, vectors = np.linalg.eigh(kernel)
        keep = curvatures > 1e-10 * curvatures[-1]
        curvatures, weights = curvatures[keep], (cross @ vectors[:, keep]) ** 2 / curvatures[keep]
        beyond = self.sigma**2 * (own - weights.sum(1))

        def variance(eta):
            exact = curvatures + decay
            return (beyond + weights @ (self.T / (exact * (1 - eta * exact / 2)))).mean()

        exact = variance(0)
        limit = 2 / (curvatures[-1] + decay)
        # Up to 0.9 of the limit of stability, which moves with the weights.
        for share in np.linspace(0.9, 0.02, 45):
            if variance(share * limit) <= (1 + bias) * exact:
                return float(share * limit)
        return float(0.02 * limit)

    @staticmethod
    def tangent_kernel(W, a, one, other):
        (N, M), N0 = a.shape, W.shape[1]
        (X, gates), (Z, others) = one, other
        through_W = ((gates @ a.T) @ (others @ a.T).T) * (X @ Z.T)
        through_a = ((X @ W.T) @ (Z @ W.T).T) * (gates @ others.T)
        return (through_W + through_a) / (N * M * N0)

    def check(self):
        return {"energy": self.energy_at_start, "test output": float(self.test_at_start.abs().sum())}


def effective_sample_size(trace):
    """Geyer's initial monotone sequence on one chain."""
    n = len(trace)
    centred = trace - trace.mean()
    spectrum = np.fft.rfft(centred, 2 * n)
    covariance = np.fft.irfft(spectrum * spectrum.conj())[:n] / n
    correlation = covariance / covariance[0]
    total, last = 0.0, np.inf
    for lag in range(0, n - 1, 2):
        pair = correlation[lag] + correlation[lag + 1]
        if pair <= 0:
            break
        last = min(last, pair)
        total += last
    return n / max(2 * total - 1, 1 / n)
