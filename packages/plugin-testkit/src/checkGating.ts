import {
  canonicalJson,
  createRandom,
  type Gates,
  type Gating,
  type GatingEntry,
  type JsonObject,
  type Matrix,
} from '@ggdln/core';
import { matrix, selectMatrixRows } from '@ggdln/linalg';
import { type Check, demand, demandJson, demandRefusal, throughJson } from './check.ts';
import { checkEntry, resolved } from './checkEntry.ts';
import { demandMatrix, demandSameBits } from './compare.ts';
import { sampleMatrix } from './samples.ts';

/** What a gating is tested on. */
export interface GatingSetup {
  /** Raw option values, as in a spec file; the rest are defaults. */
  readonly options?: JsonObject;
  /** Training inputs, P × N0. Default 14 × 6 normal numbers. */
  readonly X?: Matrix;
  /** Task of each row of X. Default 0, 1, 2, 0, 1, 2, … */
  readonly tasks?: Int32Array;
}

/** A gating made and fitted afresh for each check, so that none can lean on what another did. */
interface Fitted {
  readonly gating: Gating;
  readonly state: JsonObject;
  readonly X: Matrix;
  readonly tasks: Int32Array;
  readonly gates: Gates;
}

/** The contract of a gating, as checks that need no test runner; `testGating` runs them under vitest. */
export function checkGating(entry: GatingEntry, setup: GatingSetup = {}): Check[] {
  const check = (name: string, run: (fitted: Fitted) => void | Promise<void>): Check => ({
    name,
    run: async () => run(await fitAfresh(entry, setup)),
  });
  return [
    ...checkEntry(entry),
    check('gives one finite number for each input and each named gate', demandShape),
    check('has a state of plain JSON whose gates survive a file', demandStoredState),
    check('draws the same state from the same stream', async ({ state, X, tasks }) => {
      const again = await fitAfresh(entry, { ...setup, X, tasks });
      demand(
        canonicalJson(again.state) === canonicalJson(state),
        'two fits from the same stream give different states, expected the same: all randomness from context.rng',
      );
    }),
    check('gives the same gates each time it is asked', ({ gating, state, X, tasks, gates }) =>
      demandSameBits('gates asked for again', gating.gates(state, X, tasks).values.data, gates.values.data),
    ),
    check('gives an input the same gates alone as in a batch', demandRowIndependence),
    check('gives no gates for no inputs', ({ gating, state, X, gates }) => {
      const none = gating.gates(state, matrix(0, X.cols), new Int32Array(0)).values;
      demandMatrix('gates of no inputs', none, 0, gates.values.cols);
    }),
    check('leaves inputs, tasks and state as they are', demandUntouched),
    check('refuses inputs of another dimension than at fit', async ({ gating, state, X, tasks }) => {
      for (const cols of [X.cols + 1, X.cols - 1]) {
        await demandRefusal(`${cols} instead of ${X.cols} columns`, () =>
          gating.gates(state, matrix(X.rows, cols), tasks),
        );
      }
    }),
    check('refuses inputs that are not finite, at fit and after', async (fitted) => {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) await demandFiniteInputs(fitted, bad);
    }),
  ];
}

async function fitAfresh(entry: GatingEntry, setup: GatingSetup): Promise<Fitted> {
  const rng = createRandom(7).stream('plugin-testkit');
  const X = setup.X ?? sampleMatrix(rng.stream('X'), 14, 6);
  const tasks = setup.tasks ?? Int32Array.from({ length: X.rows }, (_, i) => i % 3);
  const gating = entry.create(resolved<'gating'>(entry, setup.options));
  const state = await gating.fit(X, { rng: rng.stream('fit'), tasks });
  return { gating, state, X, tasks, gates: gating.gates(state, X, tasks) };
}

function demandShape({ X, gates: { values, names } }: Fitted): void {
  demand(names.length > 0, 'there are no gates, expected at least one name');
  demandMatrix('gates', values, X.rows, names.length);
  demand(
    names.every((name) => typeof name === 'string' && name.trim() !== ''),
    'a gate has no name, expected one for each',
  );
  demand(
    new Set(names).size === names.length,
    `two gates have the same name, expected different ones: ${names.join(', ')}`,
  );
}

function demandStoredState({ gating, state, X, tasks, gates }: Fitted): void {
  demandJson('state', state);
  const stored = gating.gates(throughJson(state), X, tasks);
  demandSameBits('gates of the stored state', stored.values.data, gates.values.data);
  demand(
    stored.names.join() === gates.names.join(),
    'the stored state names its gates differently, expected the same names',
  );
}

function demandRowIndependence({ gating, state, X, tasks, gates }: Fitted): void {
  const gatesOf = (rows: Int32Array) =>
    gating.gates(
      state,
      selectMatrixRows(X, rows),
      rows.map((row) => tasks[row]),
    ).values.data;
  const expected = (rows: Int32Array) => selectMatrixRows(gates.values, rows).data;
  for (let row = 0; row < X.rows; row++) {
    const alone = Int32Array.of(row);
    demandSameBits(`gates of input ${row} alone, not as in the batch`, gatesOf(alone), expected(alone));
  }
  const order = createRandom(3).permutation(X.rows);
  demandSameBits('gates of the inputs in another order', gatesOf(order), expected(order));
  const half = order.slice(0, Math.ceil(X.rows / 2));
  demandSameBits('gates of half of the inputs', gatesOf(half), expected(half));
}

async function demandUntouched({ gating, X, tasks }: Fitted): Promise<void> {
  const before = { X: X.data.slice(), tasks: tasks.slice() };
  const state = await gating.fit(X, { rng: createRandom(1), tasks });
  const stateBefore = canonicalJson(state);
  gating.gates(state, X, tasks);
  demandSameBits('inputs afterwards', X.data, before.X);
  demandSameBits('tasks afterwards', tasks, before.tasks);
  demand(
    canonicalJson(state) === stateBefore,
    'asking for gates changes the state, expected it to stay as fit gave it',
  );
}

async function demandFiniteInputs({ gating, state, X, tasks }: Fitted, bad: number): Promise<void> {
  const data = X.data.slice();
  data[data.length - 1] = bad;
  const broken = { ...X, data };
  await demandRefusal(`an input of ${bad}`, () => gating.gates(state, broken, tasks), 'GGDLN_INPUT');
  await demandRefusal(
    `a training input of ${bad}`,
    () => gating.fit(broken, { rng: createRandom(1), tasks }),
    'GGDLN_INPUT',
  );
}
