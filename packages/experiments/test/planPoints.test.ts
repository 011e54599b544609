import { describe, expect, it } from 'vitest';
import { planPoints } from '../src/index.ts';
import { resolved } from './helpers.ts';

const widthsOf = (points: Awaited<ReturnType<typeof planPoints>>, source: string) =>
  points.filter((point) => point.source === source).map((point) => point.axes['architecture.width']);
const idsOf = async (...args: Parameters<typeof planPoints>) => (await planPoints(...args)).map((point) => point.id);

describe('planPoints', () => {
  it("lets `at` replace the sweep's values, and puts the theory wherever a learner is", async () => {
    const points = await planPoints(
      resolved({
        learners: [{ use: 'sampler', at: { 'architecture.width': [300, 10] } }],
        theories: [{ use: 'closed-form', at: { 'architecture.width': [20, 10, 1000] } }],
      }),
    );
    expect(widthsOf(points, 'sampler')).toEqual([10, 300]);
    expect(widthsOf(points, 'closed-form')).toEqual([10, 20, 300, 1000]);
  });

  it('makes a grid of several axes, theories first', async () => {
    const points = await planPoints(resolved({ sweep: { temperature: [0, 1], 'architecture.width': [3, 5, 7] } }));
    expect(points.map((point) => point.source)).toEqual([...Array(6).fill('closed-form'), ...Array(6).fill('sampler')]);
    expect(points[4].axes).toEqual({ temperature: 1, 'architecture.width': 5 });
    expect(points[4].settings).toMatchObject({ temperature: 1, architecture: { options: { width: 5 } } });
  });

  it("applies a learner's own axis to that learner alone", async () => {
    const points = await planPoints(resolved({ sweep: { 'learners.sampler.batches': [2, 4] } }));
    expect(points.map(({ source, axes }) => ({ source, ...axes }))).toEqual([
      { source: 'closed-form' },
      { source: 'sampler', 'learners.sampler.batches': 2 },
      { source: 'sampler', 'learners.sampler.batches': 4 },
    ]);
    expect(points[2].settings.part.options.batches).toBe(4);
  });

  it('takes lists as text', async () => {
    const [point] = await planPoints(resolved({ sweep: { 'architecture.slopes': ['3,4'] } }));
    expect(point.axes).toEqual({ 'architecture.slopes': '3,4' });
    expect(point.settings.architecture.options.slopes).toEqual([3, 4]);
  });

  it('refuses sweeps of more places than a memory holds', async () => {
    const values = Array.from({ length: 1000 }, (_, i) => i + 1);
    const sweep = { 'architecture.width': values, temperature: values, seed: values };
    await expect(planPoints(resolved({ sweep }))).rejects.toThrow('cross to 1000000 places, 100000 are the most');
  });

  it('has one point a source without a sweep', async () => {
    const points = await planPoints(resolved({ sweep: {} }));
    expect(points.map((point) => point.axes)).toEqual([{}, {}]);
  });

  it('keeps ids when titles, order or other parts change', async () => {
    const before = await planPoints(resolved());
    const after = await planPoints(
      resolved({
        title: 'Another title',
        description: 'Words',
        theories: [{ use: 'closed-form', shift: 1 }],
        sweep: { 'architecture.width': [100, 10, 30, 1000] },
      }),
    );
    const samples = (points: typeof before) => points.filter((point) => point.source === 'sampler');
    expect(samples(after).map((point) => point.id)).toEqual(
      expect.arrayContaining(samples(before).map((point) => point.id)),
    );
    expect(after.filter((point) => before.some(({ id }) => id === point.id))).toHaveLength(3);
  });

  it.each([
    ['seed', { seed: 12 }],
    ['temperature', { temperature: 0.02 }],
    ['dataset', { dataset: { use: 'line', trainSize: 9 } }],
    ['gating', { gating: { use: 'steps', gates: 3 } }],
    ['architecture', { architecture: { use: 'net', depth: 2 } }],
  ])('changes every id with the %s', async (_name, change) => {
    const before = await idsOf(resolved());
    expect((await idsOf(resolved(change))).filter((id) => before.includes(id))).toEqual([]);
  });

  it('changes every id with the backend, and is the same for a default written out', async () => {
    const before = await idsOf(resolved(), 'wasm');
    expect((await idsOf(resolved(), 'ml-matrix')).filter((id) => before.includes(id))).toEqual([]);
    expect(await idsOf(resolved({ gating: { use: 'steps', gates: 2 } }), 'wasm')).toEqual(before);
    expect(new Set(before).size).toBe(before.length);
  });

  it('gives each point of a learner a stream of its own, named by its place', async () => {
    const points = (await planPoints(resolved({ sweep: { seed: [1, 2], 'architecture.width': [3, 5] } }))).filter(
      (point) => point.source === 'sampler',
    );
    expect(points.map(({ settings }) => `${settings.seed}:${settings.stream.join('/')}`)).toEqual([
      '1:learner/sampler/architecture.width=3',
      '1:learner/sampler/architecture.width=5',
      '2:learner/sampler/architecture.width=3',
      '2:learner/sampler/architecture.width=5',
    ]);
  });
});
