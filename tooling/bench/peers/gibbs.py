"""Exact block Gibbs sampling of a one-layer GGDLN in NumPy and SciPy, on LAPACK's dpotrf and dpotrs."""

import numpy as np
from scipy.linalg import lapack


class Sweep:
    """W given a, then a given W. Products with constant factors are computed once."""

    def __init__(self, options, arrays):
        self.N, self.sigma, self.T = options["width"], options["sigma"], options["temperature"]
        self.X, self.gates, self.y = arrays["X"], arrays["gates"], arrays["y"].ravel()
        self.P, self.N0 = self.X.shape
        self.M = self.gates.shape[1]
        self.rng = np.random.default_rng(7)
        self.K0 = self.X @ self.X.T / self.N0
        self.gate_gram = self.gates @ self.gates.T / (self.N * self.M)
        self.a = self.sigma * self.rng.standard_normal((self.N, self.M))

    def draw(self, gram, outputs):
        """r of (sigma^2 gram + T) r = y - outputs - sqrt(T) noise; the gram is overwritten."""
        gram *= self.sigma**2
        gram.flat[:: self.P + 1] += self.T
        factor, info = lapack.dpotrf(gram.T, lower=0, clean=0, overwrite_a=1)
        assert info == 0
        noise = self.rng.standard_normal(self.P)
        return lapack.dpotrs(factor, self.y - outputs - np.sqrt(self.T) * noise, lower=0)[0]

    def run(self):
        N, sigma, X, gates = self.N, self.sigma, self.X, self.gates
        delta = gates @ self.a.T
        delta /= np.sqrt(N * self.M)
        gram = delta @ delta.T
        gram *= self.K0
        W = self.rng.standard_normal((N, self.N0))
        W *= sigma
        r = self.draw(gram, np.einsum("ij,ij->i", delta @ W, X) / np.sqrt(self.N0))
        delta *= (sigma**2 / np.sqrt(self.N0) * r)[:, None]
        W += delta.T @ X
        h = X @ W.T
        h /= np.sqrt(self.N0)
        gram = h @ h.T
        gram *= self.gate_gram
        a = self.rng.standard_normal((N, self.M))
        a *= sigma
        scale = 1 / np.sqrt(N * self.M)
        r = self.draw(gram, scale * np.einsum("ij,ij->i", h @ a, gates))
        a += (sigma**2 * scale) * (h.T @ (r[:, None] * gates))
        self.a, self.h = a, h

    def check(self):
        """Means over a short chain: of f, which is pulled to y, and of |a|^2."""
        outputs = []
        norms = []
        for sweep in range(40):
            self.run()
            if sweep >= 15:
                outputs.append(np.einsum("ij,ij->i", self.h @ self.a, self.gates) / np.sqrt(self.N * self.M))
                norms.append((self.a**2).mean())
        errors = [((f - self.y) ** 2).mean() for f in outputs]
        return {"training error": float(np.mean(errors)), "mean square of a": float(np.mean(norms))}
