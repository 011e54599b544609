import type { BernoulliInput } from '@ggdln/architectures';
import {
  createPacer,
  createTable,
  type LinalgBackend,
  type Matrix,
  type RandomStream,
  type Row,
  type Table,
  throwIfCancelled,
} from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import { type Check, near } from '../checks.ts';
import { createClassifier, type Update } from '../classifier.ts';
import { footerOf } from '../figures.ts';
import type { ReproductionContext, ReproductionResult } from '../reproduction.ts';
import { accuracyOf, bernoulliInputs, binaryClassifier, digitClassifier, type GlnShape, nameOf } from './common.ts';

/** Labelled images, standardised. */
interface Labelled {
  readonly X: Matrix;
  readonly labels: Uint8Array;
}

/** One task of a sequence. */
export interface SequenceTask {
  readonly train: Labelled;
  readonly test: Labelled;
}

/** Something that learns one task after the other without being told which it is. */
export interface Sequential {
  readonly name: string;
  readonly role: 'online' | 'gradient-descent';
  start(
    rng: RandomStream,
    linalg: LinalgBackend,
  ): {
    learn(task: SequenceTask, pause: () => Promise<void>): Promise<void>;
    accuracy(task: SequenceTask): number;
  };
}

/** A gated linear network at constant step size 0.003. @param classes 10 (one network each) or 2 (a single one). */
export function glnSequence(shape: GlnShape, classes: 2 | 10): Sequential {
  return {
    name: shape.layers.length === 1 && shape.bits === 0 ? 'logistic regression' : `GLN ${nameOf(shape)}`,
    role: 'online',
    start(rng) {
      const learner = (classes === 10 ? digitClassifier : binaryClassifier)(shape, rng.stream('half-spaces'));
      const run = learner.open(learner.init());
      const inputs = new Map<Matrix, BernoulliInput[]>();
      const read = (X: Matrix) => {
        const known = inputs.get(X) ?? bernoulliInputs(X);
        inputs.set(X, known);
        return known;
      };
      return {
        async learn({ train: { X, labels } }, pause) {
          for (const [i, input] of bernoulliInputs(X).entries()) {
            run.step(input, labels[i], 0.003);
            await pause();
          }
        },
        accuracy: ({ test: { X, labels } }) => accuracyOf(run, read(X), labels),
      };
    },
  };
}

/** A network 784-200-classes under plain SGD with batches of 10. */
export function mlpSequence(rate: number, classes: number): Sequential {
  return {
    name: `MLP, η = ${rate}`,
    role: 'gradient-descent',
    start(rng, linalg) {
      const sgd: Update = (theta, gradient) => {
        for (let i = 0; i < theta.length; i++) theta[i] -= rate * gradient[i];
      };
      const sizes = { inputs: 784, hidden: 200, classes, batch: 10 };
      const network = createClassifier({ ...sizes, gates: 'relu', update: () => sgd }, rng.stream('mlp'), linalg);
      return {
        async learn({ train: { X, labels } }, pause) {
          network.learn(X, labels);
          await pause();
        },
        accuracy: ({ test: { X, labels } }) => network.accuracy(X, labels),
      };
    },
  };
}

/** R_ab of one learner, b ≤ a: accuracy on task b after task a, one row each. */
export async function learnSequence(
  learner: Sequential,
  tasks: readonly SequenceTask[],
  { rng, seed }: { readonly rng: RandomStream; readonly seed: number },
  { linalg, signal, onProgress }: ReproductionContext,
): Promise<Row[]> {
  const run = learner.start(rng, linalg);
  const pace = createPacer();
  const pause = async () => {
    throwIfCancelled(signal, '@ggdln/reproductions');
    await pace();
  };
  const rows: Row[] = [];
  for (const [a, task] of tasks.entries()) {
    await run.learn(task, pause);
    for (const [b, old] of tasks.slice(0, a + 1).entries()) {
      const place = { learned: a + 1, task: b + 1, seed, source: learner.name, role: learner.role };
      rows.push({ ...place, metric: `accuracy, ${learner.name}`, value: run.accuracy(old), stderr: null });
      await pause();
    }
    onProgress?.({ stage: learner.name, done: a + 1, total: tasks.length, unit: 'tasks' });
  }
  return rows;
}

/** What a learner ends with. */
export interface Retention {
  readonly source: string;
  /** Mean accuracy over all tasks after the last. */
  readonly final: number;
  /** Mean over the earlier tasks of what was lost since they were learned. */
  readonly forgetting: number;
  /** Mean accuracy on a task that was just learned. */
  readonly learned: number;
}

/** Means over tasks and seeds. */
export function retentionOf(rows: readonly Row[], source: string): Retention {
  const own = rows.filter((row) => row.source === source);
  const last = Math.max(...own.map(({ learned }) => Number(learned)));
  const mean = (some: readonly Row[]) => some.reduce((sum, { value }) => sum + Number(value), 0) / some.length;
  const just = own.filter(({ learned, task }) => learned === task);
  const end = own.filter(({ learned }) => learned === last);
  const early = (some: readonly Row[]) => some.filter(({ task }) => task !== last);
  return { source, final: mean(end), learned: mean(just), forgetting: mean(early(just)) - mean(early(end)) };
}

/** A learner beside its line on the page, where it has one. */
export function retentionChecks(found: Retention, page: readonly Retention[], band: number): Check[] {
  return page
    .filter(({ source }) => source === found.source)
    .flatMap((target) => [
      near(`just learned, ${found.source}`, { value: found.learned }, target.learned, band),
      near(`final average, ${found.source}`, { value: found.final }, target.final, band),
      near(`forgetting, ${found.source}`, { value: found.forgetting }, target.forgetting, band),
    ]);
}

/** Final average, forgetting and accuracy when just learned, one row a learner and number. */
export function retentionTable(all: readonly Retention[]): Table {
  return createTable(
    all.flatMap(({ source, ...numbers }) =>
      Object.entries(numbers).map(([metric, value]) => ({ source, metric, value })),
    ),
  );
}

/** Between marks of two tasks that were tested at one time, which may lie on one another. */
const DODGE = 0.14;

/** R_ab against a, a frame for each learner and a colour for each task; the first seed. */
export function sequenceFigure(
  rows: readonly Row[],
  shown: readonly Sequential[],
  { name, title, subtitle }: { readonly name: string; readonly title: string; readonly subtitle: string },
  context: ReproductionContext,
): ReproductionResult['figures'][string] {
  const seed = rows[0].seed;
  const last = Math.max(...rows.map(({ task }) => Number(task)));
  const first = rows
    .filter((row) => row.seed === seed)
    .map((row) => {
      const aside = DODGE * (Number(row.task) - (last + 1) / 2);
      return { ...row, learned: Number(row.learned) + aside, task: `task ${row.task}` };
    });
  return sweepFigure(createTable(first), {
    title,
    subtitle,
    x: { column: 'learned', label: 'tasks learned', unit: '', scale: 'linear', whole: true },
    frames: shown.map((learner) => ({
      metric: `accuracy, ${learner.name}`,
      title: learner.name,
      note: learner.role === 'online' ? 'local rules' : 'back-propagation',
      label: 'accuracy on each task so far',
      unit: '',
    })),
    groupBy: 'task',
    sameScale: true,
    caption: 'Colours: the task that is tested, side by side after each task. No learner is told which task it sees.',
    footer: footerOf(name, context),
    width: 1040,
  });
}
