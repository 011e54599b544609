"""The saddle point of a one-layer GGDLN in NumPy and SciPy, on LAPACK's dpotrf and dpotri."""

import numpy as np
from scipy.linalg import lapack
from scipy.optimize import minimize


class Action:
    """S(U) and its gradient G with dS = tr(G dU): one factorisation, in place, and its inverse."""

    def __init__(self, options, arrays):
        self.N, self.sigma2, self.T = options["width"], options["sigma"] ** 2, options["temperature"]
        self.gates, self.y = arrays["gates"], arrays["y"].ravel()
        X = arrays["X"]
        self.P, self.M = self.gates.shape
        self.K0 = (self.sigma2 / (self.M * X.shape[1])) * (X @ X.T)
        # dpotri fills one triangle: half the diagonal, and the other triangle by symmetry of the result.
        self.half = np.tril(self.K0)
        self.half[np.diag_indices(self.P)] *= 0.5
        self.K = np.empty((self.P, self.P))

    def __call__(self, U):
        N, sigma2, gates = self.N, self.sigma2, self.gates
        K = np.matmul(gates @ U, gates.T, out=self.K)
        K *= self.K0
        K.flat[:: self.P + 1] += self.T
        # K is symmetric: its transpose is the column-major matrix that LAPACK overwrites.
        factor, info = lapack.dpotrf(K.T, lower=0, clean=0, overwrite_a=1)
        assert info == 0
        logdet = 2 * np.log(factor.diagonal()).sum()
        beta = lapack.dpotrs(factor, self.y, lower=0)[0]
        inverse, info = lapack.dpotri(factor, lower=0, overwrite_c=1)
        assert info == 0
        H = inverse.T
        H *= self.half
        A = gates.T @ (H @ gates)
        A += A.T.copy()
        weighted = beta[:, None] * gates
        B = weighted.T @ (self.K0 @ weighted)
        # gates scaled by beta: diag(beta) K0 diag(beta) between the gates.
        lambda_ = np.linalg.cholesky(U)
        inverseU = np.linalg.inv(U)
        value = (
            0.5 * N * (np.trace(U) / sigma2 - 2 * np.log(lambda_.diagonal() / np.sqrt(sigma2)).sum())
            + 0.5 * logdet
            + 0.5 * self.y @ beta
        )
        gradient = 0.5 * N * (np.eye(self.M) / sigma2 - inverseU) + 0.5 * (A - B)
        self.residual = np.abs((2 / N) * lambda_.T @ gradient @ lambda_).max()
        return value, gradient


class Evaluation:
    def __init__(self, options, arrays):
        self.action, self.U = Action(options, arrays), arrays["U"]

    def run(self):
        self.value, self.gradient = self.action(self.U)

    def check(self):
        self.run()
        return {
            "action": self.value,
            "squared gradient": float((self.gradient**2).sum()),
            "trace of the gradient": float(np.trace(self.gradient)),
        }


class Reached(Exception):
    pass


def solve(action, tolerance):
    """L-BFGS on Cholesky factors from infinite width, until the residual is below the tolerance."""
    M, sigma2, N = action.M, action.sigma2, action.N
    lower = np.tril_indices(M)
    evaluations = 0

    def objective(x):
        nonlocal evaluations
        evaluations += 1
        L = np.zeros((M, M))
        L[lower] = x
        value, gradient = action(sigma2 * L @ L.T)
        if action.residual < tolerance:
            raise Reached(x, value, evaluations)
        return value / N, (2 * sigma2 / N * gradient @ L)[lower]

    x = np.eye(M)[lower]
    try:
        # Where a line search ends at rounding, a fresh one goes on from there.
        for _ in range(20):
            options = {"ftol": 0, "gtol": 0, "maxcor": 30, "maxiter": 5000, "maxfun": 20000, "maxls": 40}
            x = minimize(objective, x, jac=True, method="L-BFGS-B", options=options).x
    except Reached as reached:
        return reached.args
    raise RuntimeError(f"L-BFGS ended at residual {action.residual}")


class Solve:
    def __init__(self, options, arrays):
        self.actions = [Action({**options, "width": width}, arrays) for width in options["widths"]]
        self.tolerance = options["tolerance"]

    def run(self):
        self.solutions = [solve(action, self.tolerance) for action in self.actions]

    def check(self):
        self.run()
        self.results = {"evaluations": [evaluations for _, _, evaluations in self.solutions]}
        return {"action": float(sum(value for _, value, _ in self.solutions))}
