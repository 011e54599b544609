import type { LinalgBackend, Matrix, Parameters, Problem } from '@ggdln/core';

/**
 * The problem on which a network that starts at given weights learns like its centred copy α(f(x; θ) − f(x; θ₀)): with
 * targets f(x; θ₀) + y/α and temperature T/α² its U is that of the centred network over α², a time unit in which the
 * function learns as fast at any α. As α grows, the centred network becomes its linearisation at θ₀ (Chizat, Oyallon
 * and Bach 2019, arXiv:1812.07956); only it gets lazy at large starts (theory page gdln, section 5.2).
 */
export function centreProblem(problem: Problem, start: Parameters, scale: number, linalg: LinalgBackend): Problem {
  const { architecture, train, test, temperature } = problem;
  const targets = <Part extends typeof train | typeof test>(part: Part): Part => {
    const before = architecture.predict(start, part, linalg);
    const Y: Matrix = { ...part.Y, data: part.Y.data.map((y, i) => before.data[i] + y / scale) };
    return { ...part, Y };
  };
  return { ...problem, train: targets(train), test: targets(test), temperature: temperature / scale ** 2 };
}
