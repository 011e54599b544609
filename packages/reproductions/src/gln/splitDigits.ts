import { createRandom, createTable, type Row } from '@ggdln/core';
import { selectMatrixRows } from '@ggdln/linalg';
import { between } from '../checks.ts';
import { type Digits, readDigits } from '../digits.ts';
import { seedsFrom } from '../draws.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { GLN, standardiseRows } from './common.ts';
import {
  glnSequence,
  learnSequence,
  mlpSequence,
  type Retention,
  retentionChecks,
  retentionOf,
  retentionTable,
  type Sequential,
  sequenceFigure,
} from './sequence.ts';

const NAME = 'gln/split';
const TITLE = 'Memory comes from fine contexts, not from local learning as such';

const FINE = glnSequence({ layers: [50, 1], bits: 8 }, 2);
const COARSE = glnSequence({ layers: [50, 1], bits: 4 }, 2);
const LOGISTIC = glnSequence({ layers: [1], bits: 0 }, 2);
const MLPS = [0.003, 0.1, 0.03, 0.01].map((rate) => mlpSequence(rate, 2));

/** Theory page gln, section 2: means of two seeds that differ by 0.01, of MLPs by 0.03. */
const PAGE: readonly Retention[] = [
  { source: FINE.name, learned: 0.974, final: 0.823, forgetting: 0.189 },
  { source: COARSE.name, learned: 0.978, final: 0.686, forgetting: 0.365 },
  { source: LOGISTIC.name, learned: 0.974, final: 0.612, forgetting: 0.452 },
  { source: MLPS[0].name, learned: 0.962, final: 0.678, forgetting: 0.354 },
  { source: MLPS[1].name, learned: 0.977, final: 0.645, forgetting: 0.415 },
];
const BAND = 0.045;

interface Setting {
  readonly train: number;
  readonly test: number;
  readonly seeds: number;
  readonly learners: readonly Sequential[];
}

/** Odd from even, two digits after the other two, with one output for all. */
export const splitDigits: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${GLN}, section 2`,
  summary: 'Split MNIST with one binary output, five tasks in sequence and one pass: forgetting against context bits.',
  settings: {
    quick: { train: 2000, test: 500, seeds: 1, learners: [FINE, COARSE, LOGISTIC, ...MLPS.slice(0, 2)] },
    paper: { train: 2000, test: 500, seeds: 4, learners: [FINE, COARSE, LOGISTIC, ...MLPS] },
    test: { train: 20, test: 10, seeds: 1, learners: [FINE, COARSE, LOGISTIC, ...MLPS.slice(0, 1)] },
  },
  run: async (setting, context) => {
    const digits = { train: await readDigits('train', context), test: await readDigits('test', context) };
    const tasks = [0, 2, 4, 6, 8].map((even) => ({
      train: twoDigits(digits.train, even, setting.train),
      test: twoDigits(digits.test, even, setting.test),
    }));
    const rows: Row[] = [];
    for (const seed of seedsFrom(context.seed, setting.seeds)) {
      for (const learner of setting.learners)
        rows.push(...(await learnSequence(learner, tasks, { rng: createRandom(seed), seed }, context)));
    }
    const found = setting.learners.map(({ name }) => retentionOf(rows, name));
    const final = (learner: Sequential) => found[setting.learners.indexOf(learner)].final;
    const best = Math.max(...found.filter(({ source }) => source.startsWith('MLP')).map((each) => each.final));
    const whole = setting.train >= 2000;
    return {
      tables: { table: createTable(rows), retention: retentionTable(found) },
      arrays: {},
      figures: {
        figure: sequenceFigure(
          rows,
          [FINE, COARSE],
          {
            name: NAME,
            title: TITLE,
            subtitle: `Odd from even digits · 5 tasks of two digits · ${setting.train} training images each, once · one output`,
          },
          context,
        ),
      },
      checks: whole
        ? [
            ...found.flatMap((each) => retentionChecks(each, PAGE, BAND)),
            between('final average, best MLP', { value: best }, 0.62, 0.75),
            between(`final average, ${FINE.name} minus the best MLP`, { value: final(FINE) - best }, 0.05, 0.3),
            between('final average, B = 8 minus B = 4', { value: final(FINE) - final(COARSE) }, 0.05, 0.3),
          ]
        : [],
      notes: [
        'The first images of each pair of digits in file order. The MLP is that of gln/permuted with two classes.',
      ],
    };
  },
});

/** The first images of two digits; label 1 for the odd one. */
function twoDigits(digits: Digits, even: number, count: number) {
  const found: number[] = [];
  for (let i = 0; i < digits.count && found.length < count; i++) {
    if (digits.labels[i] === even || digits.labels[i] === even + 1) found.push(i);
  }
  const last = found[found.length - 1] + 1;
  return {
    X: standardiseRows(selectMatrixRows(digits.rows(0, last), found)),
    labels: Uint8Array.from(found, (i) => digits.labels[i] % 2),
  };
}
