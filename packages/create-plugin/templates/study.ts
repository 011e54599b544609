import {
  createPacer,
  createTable,
  defineStudy,
  integer,
  number,
  type Plugin,
  type RandomStream,
  type Row,
  type RunContext,
  type StudyResult,
  type StudySnapshot,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

const NAME = 'ggdln-plugin-template';

interface DescentOptions {
  readonly modes: number;
  readonly stepSize: number;
  readonly steps: number;
  readonly runs: number;
}

/**
 * Gradient descent on E = ½ Σ_i λ_i w_i², λ_i = i/n, from w_i ~ N(0, 1). Theory, in closed form: the mean over starts is
 * ½ Σ_i λ_i (1 − ηλ_i)^{2t}. Simulation: the same steps on weights that are drawn, with the standard error of their mean.
 */
async function* descend(
  { modes, stepSize, steps, runs }: DescentOptions,
  { rng, signal }: RunContext,
): AsyncGenerator<StudySnapshot, StudyResult, void> {
  throwIfCancelled(signal, NAME);
  const rates = Array.from({ length: modes }, (_, i) => (i + 1) / modes);
  const theory = Float64Array.from({ length: steps + 1 }, (_, t) =>
    rates.reduce((sum, rate) => sum + 0.5 * rate * (1 - stepSize * rate) ** (2 * t), 0),
  );
  const [sums, squares] = [new Float64Array(steps + 1), new Float64Array(steps + 1)];
  const pause = createPacer();
  const result = (done: number): StudyResult => ({
    table: createTable([...rowsOfTheory(theory), ...rowsOfSimulation(sums, squares, done)]),
    arrays: { theory: matrix(1, steps + 1, theory) },
    diagnostics: { 'slowest rate': { value: rates[0] } },
  });
  for (let run = 1; run <= runs; run++) {
    throwIfCancelled(signal, NAME);
    await pause(); // lets Ctrl-C and the screen through
    energies(rates, stepSize, steps, rng.stream(run)).forEach((energy, t) => {
      sums[t] += energy;
      squares[t] += energy ** 2;
    });
    yield { step: run, total: runs, stage: 'gradient descent', result: result(run) };
  }
  return result(runs);
}

function energies(rates: readonly number[], stepSize: number, steps: number, rng: RandomStream): Float64Array {
  let weights = rates.map(() => rng.gaussian());
  return Float64Array.from({ length: steps + 1 }, () => {
    const energy = weights.reduce((sum, w, i) => sum + 0.5 * rates[i] * w * w, 0);
    weights = weights.map((w, i) => (1 - stepSize * rates[i]) * w);
    return energy;
  });
}

function rowsOfTheory(energies: Float64Array): Row[] {
  return Array.from(energies, (value, step) => ({
    step,
    source: 'closed form',
    role: 'theory',
    metric: 'energy',
    value,
    stderr: null,
  }));
}

function rowsOfSimulation(sums: Float64Array, squares: Float64Array, runs: number): Row[] {
  return Array.from(sums, (sum, step) => {
    const value = sum / runs;
    const spread = Math.max(0, squares[step] / runs - value ** 2);
    const stderr = runs > 1 ? Math.sqrt(spread / (runs - 1)) : null;
    return { step, source: 'gradient descent', role: 'gradient-descent', metric: 'energy', value, stderr };
  });
}

export const plugin: Plugin = {
  name: NAME,
  contract: '1.0.0',
  study: {
    'template-entry': defineStudy({
      title: 'Template title',
      summary: 'Gradient descent in a quadratic bowl: the mean energy over starts, in closed form and simulated.',
      options: {
        modes: integer({
          title: 'Modes',
          symbol: 'n',
          min: 1,
          max: 10_000,
          default: 10,
          help: 'Directions of the bowl.',
        }),
        stepSize: number({
          title: 'Step size',
          symbol: 'η',
          min: 0,
          exclusiveMin: true,
          max: 2,
          default: 0.1,
          help: 'Of gradient descent; above 2 the steepest direction diverges.',
        }),
        steps: integer({ title: 'Steps', symbol: 't', min: 1, max: 10_000, default: 50, help: 'Of each run.' }),
        runs: integer({ title: 'Runs', min: 2, max: 100_000, default: 40, help: 'Starts to average over.' }),
      },
      axis: { column: 'step', label: 'step t', scale: 'linear' },
      metrics: [{ metric: 'energy', title: 'Energy', label: 'energy E', scale: 'log' }],
      create: (options) => ({ run: (context) => descend(options, context) }),
    }),
  },
};
