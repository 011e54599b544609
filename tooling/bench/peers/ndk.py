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
        """Every layer in one pass over the P x P arrays, as the moments share angles and norms."""
        decay = np.exp(-self.rate * self.h * (n - k))
        m = decay * self.s[k]
        phi, theta = self.gram, self.gram
        a, b = self.s[n] * self.norms, self.s[k] * self.norms
        for _ in range(self.depth):
            norm = np.sqrt(np.outer(a, b))
            cosine = m * phi
            cosine /= norm
            np.clip(cosine, -1, 1, out=cosine)
            opened = np.pi - np.arccos(cosine)
            phi = norm * (np.sqrt(1 - cosine * cosine) + opened * cosine) / (2 * np.pi)
            theta = phi + (m / (2 * np.pi)) * opened * theta
            a, b = self.s[n] * a / 2, self.s[k] * b / 2
        return decay * theta

    def run(self):
        f = np.zeros((self.steps, len(self.y)))
        for n in range(1, self.steps):
            for k in range(n):
                f[n] += self.h * (self.kernel(n, k) @ (self.y - f[k]))
        self.last = f[-1]

    def check(self):
        self.run()
        return {"norm": float(np.linalg.norm(self.last)), "first": float(self.last[0])}
