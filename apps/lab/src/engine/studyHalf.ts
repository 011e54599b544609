import { createRandom, type StudyResult, type StudySnapshot } from '@ggdln/core';
import type { LabPlan } from './plan.ts';
import type { Simulation } from './simulationHalf.ts';
import type { Workbench } from './workbench.ts';

/** Starts a study and shows what it has at once: its theory. */
export async function openStudy(
  { spec }: Extract<LabPlan, { kind: 'study' }>,
  { registry, linalg, files, tell }: Workbench,
  signal: AbortSignal,
): Promise<Simulation> {
  const began = performance.now();
  const clock = { oneStep: false };
  // Theory counts its own units; the run's are those that add up to its steps.
  const units = new Map<number, string>();
  const work = registry
    .get('study', spec.use)
    .create(spec.options)
    .run({
      // The stream of `runStudy`, so that the numbers are those of the command line.
      rng: createRandom(spec.seed).stream('study'),
      linalg,
      files,
      signal,
      wantsSnapshot: () => clock.oneStep,
      onProgress: ({ unit, total: of }) => {
        if (unit !== undefined && of !== undefined) units.set(of, unit);
      },
      onWarning: ({ message }) => tell({ type: 'warning', message }),
    });
  let last: StudySnapshot | undefined;
  let finished = false;
  let told = 0;
  const show = (result: StudyResult, { stage, step, total }: Omit<StudySnapshot, 'result'>) => {
    told = performance.now();
    tell({ type: 'study', result, stage, step, total, done: finished });
    tell({ type: 'progress', step, total, unit: units.get(total) ?? 'steps', share: finished ? 1 : step / total });
  };
  const advance = async (oneStep: boolean) => {
    clock.oneStep = oneStep;
    const next = await work.next();
    if (next.done) {
      finished = true;
      const { total = 1 } = last ?? {};
      show(next.value, { stage: 'done', step: total, total });
      return;
    }
    last = next.value;
    if (oneStep || performance.now() - told > 100) show(last.result, last);
  };
  await advance(true);
  const first = performance.now() - began;
  return {
    seconds: last && last.step > 0 ? (first / 1000 / last.step) * last.total : Number.NaN,
    bytes: 0,
    dominant: 'study',
    get finished() {
      return finished;
    },
    get share() {
      return finished || !last ? 1 : last.step / last.total;
    },
    advance,
    showAll: async () => {
      if (last) show(last.result, last);
    },
    close: async () => {
      await work.return({} as never).catch(() => undefined);
    },
  };
}
