import {
  createTable,
  defineStudy,
  type Row,
  type Study,
  type StudyEntry,
  type StudyResult,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { checkStudy, failedChecks, testStudy } from '../src/index.ts';

const rowsAt = (step: number, drawn: number): Row[] => [
  { step, source: 'closed form', role: 'theory', metric: 'energy', value: 0.5, stderr: null },
  { step, source: 'descent', role: 'gradient-descent', metric: 'energy', value: 0.5 + 0.01 * drawn, stderr: 0.01 },
];

const run: Study['run'] = async function* ({ rng, signal }) {
  const rows: Row[] = [];
  const result = (): StudyResult => ({
    table: createTable(rows),
    arrays: { energy: matrix(1, 1), energy_stderr: matrix(1, 1) },
    diagnostics: { rate: { value: 1 } },
  });
  for (let step = 1; step <= 3; step++) {
    throwIfCancelled(signal, 'test');
    rows.push(...rowsAt(step, rng.gaussian()));
    yield { step, total: 3, stage: 'descent', result: result() };
  }
  return result();
};

const sound: StudyEntry = defineStudy({
  title: 'Descent',
  summary: 'For tests.',
  options: {},
  axis: { column: 'step', label: 'step t', scale: 'linear' },
  metrics: [{ metric: 'energy', title: 'Energy', label: 'E' }],
  create: () => ({ run }),
});

const failures = (changes: Partial<StudyEntry>) => failedChecks(checkStudy({ ...sound, ...changes }));
const reasons = async (changes: Partial<StudyEntry>) => (await failures(changes)).map(({ reason }) => reason);

/** The sound study with its result changed. */
const ending = (change: (result: StudyResult) => Partial<StudyResult>): Partial<StudyEntry> => ({
  create: () => ({
    async *run(context) {
      const result = yield* run(context);
      return { ...result, ...change(result) };
    },
  }),
});
const withRows = (change: (row: Row) => Row | undefined) =>
  ending(({ table }) => ({ table: createTable(table.rows.map(change).filter((row) => row !== undefined)) }));

testStudy('descent', sound);

describe('checkStudy', () => {
  it('finds rows without the axis, a column or a metric that was named', async () => {
    const { axis } = sound;
    expect(await reasons({ axis: { ...axis, column: 'epoch' } })).toEqual([
      expect.stringMatching(/^row 0 has no column epoch, expected source, role.*: \{"step":1/),
    ]);
    expect(await reasons({ groupBy: 'rate' })).toEqual([expect.stringMatching(/^row 0 has no column rate/)]);
    const metrics = [...sound.metrics, { metric: 'entropy', title: 'Entropy', label: 'S' }];
    expect(await reasons({ metrics })).toEqual(['no row has the metric "entropy", expected some; there are energy']);
  });

  it('finds one side alone, and roles that no figure knows', async () => {
    const alone = (role: string) => withRows((row) => (row.role === role ? row : undefined));
    expect(await reasons(alone('theory'))).toEqual([expect.stringMatching(/^no row is of a simulation, expected/)]);
    expect(await reasons(alone('gradient-descent'))).toEqual([
      expect.stringMatching(/^no row is of a theory, expected/),
    ]);
    expect(await reasons(withRows((row) => ({ ...row, role: row.role === 'theory' ? 'theory' : 'guess' })))).toEqual([
      expect.stringMatching(/^a row has the role "guess", expected one of theory/),
    ]);
  });

  it('finds negative error bars, arrays whose errors have another shape, and metrics of one name', async () => {
    expect(await reasons(withRows((row) => ({ ...row, stderr: -1 })))).toEqual([
      'stderr of row 0 is -1, expected null or a finite number ≥ 0',
    ]);
    expect(await reasons(ending(() => ({ arrays: { energy: matrix(1, 1), energy_stderr: matrix(2, 1) } })))).toEqual([
      'energy_stderr is 2 × 1, expected the shape of the array that it is the error of',
    ]);
    expect(await reasons({ metrics: [sound.metrics[0], sound.metrics[0]] })).toEqual([
      'two metrics have one name: energy, energy; expected different ones',
    ]);
    expect(await reasons({ metrics: [] })).toEqual(['it has no metrics, expected one for each frame of its figure']);
  });

  it('finds randomness of its own', async () => {
    const random = withRows((row) => ({ ...row, value: Math.random() }));
    expect(await reasons(random)).toEqual(['the table of another run differs, expected the same for the same stream']);
  });

  it('finds snapshots that go backwards or are missing, and deafness to cancelling', async () => {
    const backwards: Study['run'] = async function* (context) {
      const inner = run(context);
      for (;;) {
        const next = await inner.next();
        if (next.done) return next.value;
        yield { ...next.value, step: 4 - next.value.step };
      }
    };
    expect(await reasons({ create: () => ({ run: backwards }) })).toContain(
      'snapshot 1 is of step 2 of 3 after 3, expected ascending steps within the total',
    );
    const deaf: Study['run'] = ({ signal: _, ...context }) => run(context);
    expect((await failures({ create: () => ({ run: deaf }) })).map(({ name }) => name)).toEqual([
      'stops when cancelled before the start',
      'stops when cancelled while it works',
    ]);
  });
});
