import { createGgdln } from '@ggdln/architectures';
import { createRandom, type RunContext } from '@ggdln/core';
import { halfSpaces } from '@ggdln/gating';
import { blockGibbs } from '@ggdln/learning';
import { createWasmBackend, matrix } from '@ggdln/linalg';
import { solveGgdln } from '@ggdln/theory';

/** Numbers from the portable packages, to be computed once in Node and once in a browser. */
export interface PortableNumbers {
  readonly gaussians: readonly number[];
  readonly theoryU: readonly number[];
  readonly theoryMean: readonly number[];
  readonly sampledMean: readonly number[];
}

/** A small GGDLN, solved and sampled with everything from one seed. */
export async function portableNumbers(): Promise<PortableNumbers> {
  const rng = createRandom(5);
  const [P, Ptest, N0] = [20, 5, 8];
  const X = matrix(P, N0, rng.stream('train').fillGaussian(new Float64Array(P * N0)));
  const Xtest = matrix(Ptest, N0, rng.stream('test').fillGaussian(new Float64Array(Ptest * N0)));
  const y = rng.stream('targets').fillGaussian(new Float64Array(P));
  const gating = halfSpaces({ gates: 3, threshold: 0, alwaysOn: true, centre: true });
  const state = await gating.fit(X, { rng: rng.stream('gating') });
  const [gates, gatesTest] = [[gating.gates(state, X).values], [gating.gates(state, Xtest).values]];
  const linalg = await createWasmBackend();
  const architecture = createGgdln({ depth: 1, width: 30, sigma: 1 });
  const solution = await solveGgdln(
    { X, y, gates, widths: [30], sigma: 1, temperature: 0.1, test: { X: Xtest, gates: gatesTest } },
    { linalg },
  );
  const context: RunContext = { rng: rng.stream('learner'), linalg };
  const problem = {
    train: { X, Y: matrix(P, 1, y), gates },
    test: { X: Xtest, Y: matrix(Ptest, 1), gates: gatesTest },
    gateNames: [gating.gates(state, X).names],
    architecture,
    temperature: 0.1,
  };
  const run = blockGibbs({ sweeps: 60, chains: 2, burnIn: 0.1, estimator: 'conditional', batches: 20 }).run(
    problem,
    context,
  );
  let next = await run.next();
  while (!next.done) next = await run.next();
  return {
    gaussians: [...rng.stream('gaussians').fillGaussian(new Float64Array(1000))],
    theoryU: [...solution.U[0].data],
    theoryMean: [...(solution.predictor?.mean.data ?? [])],
    sampledMean: [...next.value.predictor.mean.value.data],
  };
}
