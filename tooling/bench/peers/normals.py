"""Standard normals in NumPy."""

import numpy as np


class Fill:
    def __init__(self, options, arrays):
        self.rng = np.random.default_rng(7)
        self.out = np.empty(options["count"], dtype=options["dtype"])

    def run(self):
        self.rng.standard_normal(out=self.out, dtype=self.out.dtype)

    def check(self):
        self.run()
        return {"variance": float((self.out.astype(float) ** 2).mean())}
