import { createRandom, createRegistry, isGgdlnError, type Problem, type RunContext, resolveOptions } from '@ggdln/core';
import { chooseLinalg, matrix } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';
import { describe, expect, it } from 'vitest';
import { type Network, probe } from '../src/probe.ts';
import { supportPage } from '../src/supportPage.ts';

const registry = createRegistry(standardPlugins);
const { backend: linalg } = await chooseLinalg();

/** Options with which a learner or theory does the least that it can. */
const least: { readonly [name: string]: Readonly<Record<string, number>> } = {
  'block-gibbs': { sweeps: 40 },
  hmc: { trajectories: 40, maxSteps: 10 },
  langevin: { steps: 400, thin: 10 },
  'gradient-descent': { steps: 5 },
};

/** A small problem of a network, with the gates that it takes. */
function problemOf(network: Network, depth: number, outputs: number, temperature: number): Problem {
  const architecture = network.create(depth);
  const rng = createRandom('support');
  const gateCount = { ggdln: 2, galu: 3 }[architecture.family] ?? 1;
  const part = (rows: number, name: string) => {
    const stream = rng.stream(name);
    const gaussians = (cols: number, of: string) =>
      matrix(rows, cols, stream.stream(of).fillGaussian(new Float64Array(rows * cols)));
    const gates = architecture.widths.map((_, t) => {
      const values = gaussians(gateCount, `gates ${t}`);
      const on = gateCount === 1 ? () => 1 : (value: number) => Number(value > 0);
      return matrix(rows, gateCount, values.data.map(on));
    });
    // Gated linear networks learn to say yes and no.
    const Y = gaussians(outputs, 'Y');
    const targets = architecture.family === 'gln' ? { ...Y, data: Y.data.map(Math.sign) } : Y;
    return { X: gaussians(6, 'X'), Y: targets, gates };
  };
  const names = Array.from({ length: gateCount }, (_, m) => `gate ${m}`);
  return {
    train: part(5, 'train'),
    test: part(3, 'test'),
    gateNames: architecture.widths.map(() => names),
    architecture,
    temperature,
  };
}

describe('docs/support.md', () => {
  it('is what the registry says; `npm run support` makes it anew', async () => {
    await expect(supportPage(registry)).toMatchFileSnapshot('../../../docs/support.md');
  });

  it('names every architecture, theory and learner', () => {
    const page = supportPage(registry);
    for (const kind of ['architecture', 'theory', 'learner'] as const) {
      for (const { name } of registry.list(kind)) expect(page).toContain(name);
    }
  });
});

describe('what theories and learners say of themselves', () => {
  it.each(probe(registry).filter(({ refused }) => refused))(
    '$source.name on $network.title ($traits) is refused with a reason and a remedy',
    ({ refused }) => {
      expect(refused?.reason.length).toBeGreaterThan(15);
      expect(refused?.remedy).toMatch(/^[A-Z].*[^.]$/);
    },
  );

  it.each(probe(registry).filter(({ refused }) => !refused))(
    '$source.name on $network.title ($traits) is not refused afterwards',
    async ({ source, network, traits }) => {
      const problem = problemOf(network, traits.depth, traits.outputs, traits.temperature);
      const context: RunContext = { rng: createRandom(1), linalg };
      const options = resolveOptions(source.entry.options, least[source.name] ?? {}, source.name);
      try {
        if (source.kind === 'theory') {
          const { predictor } = await registry.get('theory', source.name).create(options).solve(problem, context);
          expect([predictor.mean.rows, predictor.mean.cols]).toEqual([3, traits.outputs]);
          return;
        }
        const work = registry.get('learner', source.name).create(options).run(problem, context);
        let next = await work.next();
        while (!next.done) next = await work.next();
        const { value } = next.value.predictor.mean;
        expect([value.rows, value.cols]).toEqual([3, traits.outputs]);
      } catch (error) {
        // Numbers may fail on so little work; what must not happen is a refusal of the kind of problem.
        if (!isGgdlnError(error) || !['GGDLN_NOT_CONVERGED', 'GGDLN_NUMERICAL'].includes(error.code)) throw error;
      }
    },
  );
});
