import {
  createRandom,
  type Row,
  type RunContext,
  resolveOptions,
  type StudyResult,
  type StudySnapshot,
  type Warning,
} from '@ggdln/core';
import { createWasmBackend, type LinalgBackend } from '@ggdln/linalg';
import { beforeAll, describe, expect, it } from 'vitest';
import { studiesPlugin } from '../src/index.ts';

let linalg: LinalgBackend;
beforeAll(async () => {
  linalg = await createWasmBackend();
});

type Raw = Parameters<typeof resolveOptions>[1];

async function run(
  name: string,
  raw: Raw,
  context: Partial<RunContext> = {},
): Promise<{ readonly result: StudyResult; readonly snapshots: readonly StudySnapshot[] }> {
  const entry = studiesPlugin.study?.[name];
  if (!entry) throw new Error(`no study ${name}`);
  const study = entry.create(resolveOptions(entry.options, raw, name));
  const course = study.run({ rng: createRandom(1).stream('study'), linalg, ...context });
  const snapshots: StudySnapshot[] = [];
  for (;;) {
    const next = await course.next();
    if (next.done) return { result: next.value, snapshots };
    snapshots.push(next.value);
  }
}

/** Theory beside the simulated rows of a source, at the places that both have. */
function pairs({ table }: StudyResult, metric: string, source: string, keys: readonly string[]) {
  const same = (a: Row, b: Row) => keys.every((key) => a[key] === b[key]);
  const own = table.rows.filter((row) => row.metric === metric);
  return own
    .filter((row) => row.source === source)
    .flatMap((row) => {
      const theory = own.find((other) => other.role === 'theory' && same(other, row));
      return theory
        ? [{ row, value: Number(row.value), theory: Number(theory.value), stderr: Number(row.stderr) }]
        : [];
    });
}

const rootMean = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

describe('routing-race', () => {
  const small = { domains: 4, partners: 3, hidden: 16, networks: 2, epochs: 200 };

  it('has a decoupled network that follows the scalar race exactly', async () => {
    const { result } = await run('routing-race', small);
    const found = pairs(result, 'singular value', 'decoupled start', ['epoch', 'group']);
    expect(found.length).toBeGreaterThan(50);
    for (const { value, theory } of found) expect(value).toBeCloseTo(theory, 9);
    expect(result.diagnostics['decoupled loss minus theory, largest'].value).toBeLessThan(1e-9);
  });

  it('transfers to untrained pairs from a small start, and not from a large one', async () => {
    const transfer = async (start: number, epochs: number) => {
      const { result } = await run('routing-race', { ...small, start, epochs });
      const { 'trained error': trained, 'untrained error': others } = result.diagnostics;
      return { trained: trained.value, others: others.value };
    };
    const [narrow, wide] = [await transfer(0.3, 360), await transfer(2.5, 400)];
    expect(narrow.others).toBeLessThan(1);
    expect(wide.trained).toBeLessThan(wide.others / 100);
    expect(wide.others).toBeGreaterThan(20);
  });

  it('warns where the theory is another system’s, and refuses K > M', async () => {
    const warnings: Warning[] = [];
    await run('routing-race', { ...small, epochs: 2, start: 2 }, { onWarning: (warning) => warnings.push(warning) });
    expect(warnings.map(({ message }) => message).join()).toMatch(/decoupled start.*scale 2 ≥ 0.5/s);
    await expect(run('routing-race', { domains: 3, partners: 4 })).rejects.toThrow(/partners is 4 of 3.*at most 3/s);
  });
});

describe('xor-race', () => {
  it('has gated networks on the closed form, and ReLU networks that follow it to the diagonals', async () => {
    const { result } = await run('xor-race', { hidden: 48, networks: 2, rate: 0.02, time: 26 });
    const read = (name: string) => result.diagnostics[name].value;
    expect(read('gated network minus closed form, largest')).toBeLessThan(0.005);
    expect(read('ReLU networks minus closed form, largest')).toBeLessThan(0.02);
    expect(read('angle of a strong unit from its diagonal, degrees')).toBeLessThan(5);
    expect(read('time by which ReLU networks are later')).toBeGreaterThan(1);
  });
});

describe('memorisation', () => {
  it('has errors 1 − kd/m within their bars, and none from kd = m on', async () => {
    // Twenty units at kd = m, so that hardly any input has all gates off.
    const raw = { inputs: 120, dimension: 6, ratios: [0.3, 0.6, 1, 1.2], draws: 12, scales: [2], coarse: [0.3, 0.6] };
    const { result } = await run('memorisation', raw);
    const found = pairs(result, 'error', 'least squares', ['ratio', 'size']);
    const short = found.filter(({ theory }) => theory > 0);
    // Labels ±1 on an eigenbasis: variance 2r(1 − r)/m a draw.
    for (const { row, value, theory } of short) {
      const first = String(row.size).startsWith('m = 120');
      const spread = Math.sqrt((2 * theory * (1 - theory)) / (first ? 120 * 12 : 240 * 3));
      expect(Math.abs(value - theory), JSON.stringify(row)).toBeLessThan(4 * spread);
    }
    expect(short).toHaveLength(4);
    expect(result.diagnostics['largest error from kd = m on'].value).toBeLessThan(1e-12);
  });
});

describe('two-phases', () => {
  const small = { examples: 6, tests: 20, features: 6, depth: 1, sigma0: 2, width: 100, temperature: 0.5, pairs: 10 };

  it('starts at the targets, ends at the Bayesian answer, and has pairs of networks on the curve', async () => {
    const { result } = await run('two-phases', { ...small, end: 8 });
    const theory = result.table.rows.filter(({ role, metric }) => role === 'theory' && metric === 'test error');
    expect(Number(theory[0].value)).toBeGreaterThan(0.9);
    expect(Number(theory[theory.length - 1].value)).toBeCloseTo(result.diagnostics['Bayesian limit'].value, 2);
    const found = pairs(result, 'test error', 'pairs of networks', ['time']);
    const scores = found.map(({ value, theory: expected, stderr }) => (value - expected) / Math.hypot(stderr, 0.01));
    expect(found.length).toBeGreaterThan(8);
    expect(rootMean(scores)).toBeLessThan(2.2);
  });

  it('shows its limits and its curve before any network', async () => {
    const { snapshots } = await run('two-phases', { ...small, pairs: 3, width: 10, end: 0.5 });
    const roles = ({ result }: StudySnapshot) => [...new Set(result.table.rows.map(({ role }) => role))];
    expect(roles(snapshots[0])).toEqual(['infinite-width']);
    expect(roles(snapshots[1])).toEqual(['infinite-width', 'theory']);
  });
});

describe('two-heads', () => {
  it('keeps the old head above the critical similarity and loses it below', async () => {
    const { result } = await run('two-heads', { width: 40, gammas: [0.4, 0.92], lambdas: [100, 10_000], draws: 6 });
    const above = pairs(result, 'overlap', 'heads by HMC', ['gamma', 'lambda']);
    const overlap = (gamma: number) => above.filter(({ row }) => row.gamma === gamma).map(({ value }) => value);
    for (const value of overlap(0.4)) expect(value).toBeLessThan(0.25);
    for (const value of overlap(0.92)) expect(value).toBeGreaterThan(0.75);
    for (const { value, theory } of above.filter(({ row }) => row.gamma === 0.92)) {
      expect(Math.abs(value - theory)).toBeLessThan(0.08);
    }
    // What the first head forgets, within error bars and the few per cent of a finite width.
    for (const { row, value, theory } of pairs(result, 'forgetting', 'heads by HMC', ['gamma', 'lambda'])) {
      expect(Math.abs(value - theory)).toBeLessThan(3 * Number(row.stderr) + 0.1 * theory);
    }
    expect(result.diagnostics['critical similarity α^(−1/4)'].value).toBeCloseTo(3 ** -0.25, 12);
    expect(result.diagnostics['d ln u/d ln λ at half the critical similarity'].value).toBeGreaterThan(0.35);
  });
});

describe('forgetting', () => {
  it('has networks that forget as theory says, up to 1/√N', async () => {
    const raw = { tasks: 3, examples: 5, features: 15, width: 500, networks: 4 };
    const { result } = await run('forgetting', raw);
    expect(result.diagnostics['relative distance below the diagonal'].value).toBeLessThan(8 / Math.sqrt(500));
    const { data } = result.arrays['forgetting theory'];
    for (const task of [0, 1, 2]) expect(data[task * 3 + task]).toBeLessThan(1e-8);
  });
});

describe('drift', () => {
  it('loses a frozen readout and not a re-learned one', async () => {
    const { result } = await run('drift', { width: 100, pairs: 12, temperature: 0.4, examples: 3 });
    const found = pairs(result, 'output', 'pairs of networks', ['lag', 'readout']);
    const scores = found.map(({ value, theory, stderr }) => (value - theory) / Math.hypot(stderr, 0.01));
    expect(found).toHaveLength(14);
    expect(rootMean(scores)).toBeLessThan(2.5);
    const similarity = pairs(result, 'similarity', 'pairs of networks', ['lag', 'readout']);
    expect(similarity[similarity.length - 1].theory).toBeLessThan(0.3);
  });
});

describe('every study', () => {
  it('gives the same numbers whether or not snapshots are asked for', async () => {
    const raw = { domains: 3, partners: 2, hidden: 12, networks: 2, epochs: 12 };
    const often = await run('routing-race', raw, { wantsSnapshot: () => true });
    const seldom = await run('routing-race', raw);
    expect(often.result).toEqual(seldom.result);
    expect(often.snapshots.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, step) => step));
  });
});
