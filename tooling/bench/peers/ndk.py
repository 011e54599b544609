"""The output of a wide ReLU network under the simulated scheme of Langevin learning, in NumPy."""

import numpy as np


class Scheme:
    """f_n = h sum_{k<n} K(t_n, t_k) (y - f_k), K the neural dynamical kernel of L ReLU layers."""

    def __init__(self, options, arrays):
        self.depth, self.steps, self.h = options["depth"], options["steps"], options["step"]
        self.sigma2, self.start, self.T = options["sigma"] ** 2, options["sigma0"] ** 2, options["temperature"]
        self.y = arrays["y"].ravel()
        X = arrays["X"]
        self.gram = X @ X.T / X.shape[1]
        self.rate = self.T / self.sigma2
        times = self.h * np.arange(self.steps)
        self.s = self.sigma2 + (self.start - self.sigma2) * np.exp(-2 * self.rate * times)
        # The norm of what a layer gets, without weights: that of a rectified layer is half of what it got.
        self.norms = np.diag(self.gram)

    def kernel(self, n, k):
        decay = np.exp(-self.rate * self.h * (n - k))
        return decay * self.tangent(decay * self.s[k], self.s[n], self.s[k])

    def tangent(self, m, s, other):
        """Every layer in one pass over the P x P arrays, as the moments share angles and norms."""
        phi, theta = self.gram, self.gram
        a, b = s * self.norms, other * self.norms
        for _ in range(self.depth):
            norm = np.sqrt(np.outer(a, b))
            cosine = m * phi
            cosine /= norm
            np.clip(cosine, -1, 1, out=cosine)
            opened = np.pi - np.arccos(cosine)
            phi = norm * (np.sqrt(1 - cosine * cosine) + opened * cosine) / (2 * np.pi)
            theta = phi + (m / (2 * np.pi)) * opened * theta
            a, b = s * a / 2, other * b / 2
        return theta

    def run(self):
        f = np.zeros((self.steps, len(self.y)))
        for n in range(1, self.steps):
            for k in range(n):
                f[n] += self.h * (self.kernel(n, k) @ (self.y - f[k]))
        self.last = f[-1]

    def check(self):
        self.run()
        return {"norm": float(np.linalg.norm(self.last)), "first": float(self.last[0])}


class Interpolated(Scheme):
    """The same with the tangent kernel at Chebyshev nodes in sqrt(1 - correlation of the weights)."""

    def tabulate(self, low, high):
        for count in (24, 40, 64, 96):
            angles = np.pi * (np.arange(count) + 0.5) / count
            self.nodes = (low + high) / 2 + (high - low) / 2 * np.cos(angles)
            self.weights = np.where(np.arange(count) % 2 == 0, 1, -1) * np.sin(angles)
            self.table = np.array([self.tangent(1 - v * v, 1, 1) for v in self.nodes])
            trials = [(self.nodes[q] + self.nodes[q + 1]) / 2 for q in (0, count // 2, count - 2)]
            exact = np.array([self.tangent(1 - v * v, 1, 1) for v in trials])
            found = np.tensordot(self.basis(np.array(trials)), self.table, 1)
            if np.abs(found - exact).max() <= 1e-12 * np.abs(exact).max():
                return
        raise RuntimeError("no number of nodes reaches rounding")

    def basis(self, v):
        """Barycentric weights of the nodes at places v, one row each."""
        apart = v[:, None] - self.nodes
        hit = apart == 0
        apart[hit] = 1
        terms = self.weights / apart
        terms[hit.any(1)] = 0
        terms[hit] = 1
        return terms / terms.sum(1, keepdims=True)

    def run(self):
        places = self.places(self.steps - 1)
        self.tabulate(min(self.places(1)[0], places[-1]), places[0])
        f = np.zeros((self.steps, len(self.y)))
        for n in range(1, self.steps):
            decay = np.exp(-self.rate * self.h * np.arange(n, 0, -1))
            scale = self.h * decay * (self.s[n] * self.s[:n]) ** (self.depth / 2)
            sums = (scale[:, None] * self.basis(self.places(n))).T @ (self.y - f[:n])
            f[n] = np.einsum("qij,qj->i", self.table, sums)
        self.last = f[-1]

    def places(self, n):
        """sqrt(1 - correlation) of a weight after n steps and after each number of steps before."""
        decay = np.exp(-self.rate * self.h * np.arange(n, 0, -1))
        return np.sqrt(1 - decay * np.sqrt(self.s[:n] / self.s[n]))
