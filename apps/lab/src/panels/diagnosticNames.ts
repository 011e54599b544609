import { formatNumber } from '@ggdln/plot';
import { capital, plusMinus } from './words.ts';

interface Named {
  readonly name: string;
  /** Whether a value is one to look at. */
  readonly off?: (value: number, stderr: number | null) => boolean;
}

/** Diagnostics of solvers and samplers in plain words, in the order of the list. */
const NAMES: { readonly [key: string]: Named } = {
  residual: { name: 'Residual of the solver', off: (value) => value > 1e-6 },
  iterations: { name: 'Solver steps' },
  conditionNumber: { name: 'Condition of K + TI, row sums', off: (value) => value > 1e12 },
  jitter: { name: 'Jitter added', off: (value) => value > 0 },
  deadInputs: { name: 'Inputs with every gate closed', off: (value) => value > 0 },
  rank: { name: 'Rank of the kernel' },
  effectiveDof: { name: 'Effective degrees of freedom' },
  capacity: { name: 'Capacity, examples' },
  virial: {
    name: 'Virial sum (exact: 0)',
    off: (value, stderr) => stderr !== null && stderr > 0 && Math.abs(value) > 4 * stderr,
  },
  rhat: { name: 'R̂ (below 1.05)', off: (value) => value > 1.05 },
  essMin: { name: 'Effective samples, least' },
  batchAutocorrelationTimes: { name: 'Batch, correlation times (5 or more)', off: (value) => value < 5 },
  acceptance: { name: 'Acceptance (about 0.8)', off: (value) => value < 0.5 },
  boltzmann: { name: '⟨exp(−ΔH)⟩ (exact: 1)' },
  energyError: { name: 'Mean energy error' },
  leapfrogSteps: { name: 'Leapfrog steps' },
  stepSize: { name: 'Step size' },
  friction: { name: 'Friction' },
  trainError: { name: 'Training error' },
  gradientNorm: { name: 'Gradient norm' },
  converged: { name: 'Converged', off: (value) => value === 0 },
  steps: { name: 'Steps' },
  learningRate: { name: 'Step size' },
  curvature: { name: 'Largest curvature' },
  action: { name: 'Action' },
  saddles: { name: 'Saddle points found' },
};

/** Sizes of an internal reduction: for files, not for people. */
const HIDDEN = new Set([
  'evaluations',
  'essMedian',
  'batchLength',
  'gateSpace',
  'kernelSpace',
  'inputSpace',
  'warmStart',
  'inputDimensions',
  'layerNormExcess',
]);

/** A diagnostic as people read it. */
export interface ShownDiagnostic {
  readonly name: string;
  readonly text: string;
  readonly value: number;
  readonly stderr: number | null;
  readonly off: boolean;
}

type Numbers = { readonly [name: string]: { readonly value: number | null; readonly stderr?: number | null } };

/** Those that have a value: known ones first, in their order. */
export function shownDiagnostics(diagnostics: Numbers): ShownDiagnostic[] {
  const known = Object.keys(NAMES);
  const place = (key: string) => (known.includes(key) ? known.indexOf(key) : known.length);
  return Object.entries(diagnostics)
    .filter(([key]) => !HIDDEN.has(key))
    .sort(([a], [b]) => place(a) - place(b))
    .flatMap(([key, { value, stderr = null }]) => {
      if (value === null || !Number.isFinite(value)) return [];
      const named = NAMES[key] ?? { name: plainName(key) };
      const text = key === 'converged' ? (value === 0 ? 'no' : 'yes') : numberText(value, stderr);
      return [{ name: named.name, text, value, stderr, off: named.off?.(value, stderr) ?? false }];
    });
}

function numberText(value: number, stderr: number | null): string {
  if (stderr !== null && stderr > 0) return plusMinus(value, stderr);
  return Number.isInteger(value) ? formatNumber(value, 6) : formatNumber(value, 3);
}

/** `Inner steps` of `innerSteps`; what is in words already, as of studies, keeps its letters. */
function plainName(key: string): string {
  if (key.includes(' ')) return capital(key);
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]/g, ' ')
    .toLowerCase();
  return capital(words);
}
