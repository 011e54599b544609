import { defineGating, type Gating, type GatingEntry, inputError, type Matrix, number } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { checkGating, failedChecks } from '../src/index.ts';

function requireInputs(X: Matrix, inputs: number): void {
  if (X.cols !== inputs) throw inputError('test', `X has ${X.cols} columns`);
  if (!X.data.every(Number.isFinite)) throw inputError('test', 'X is not finite');
}

/** Opens where the first input is positive; keeps the contract. */
const sound: Gating = {
  fit(X) {
    requireInputs(X, X.cols);
    return { inputs: X.cols };
  },
  gates(state, X) {
    requireInputs(X, state.inputs as number);
    const data = Float64Array.from({ length: X.rows }, (_, i) => (X.data[i * X.cols] > 0 ? 1 : 0));
    return { values: matrix(X.rows, 1, data), names: ['positive'] };
  },
};

const entryOf = (changes: Partial<Gating>, entry: Partial<GatingEntry> = {}): GatingEntry => ({
  ...defineGating({ title: 'Sound', summary: 'Opens.', options: {}, create: () => ({ ...sound, ...changes }) }),
  ...entry,
});

const failuresOf = async (entry: GatingEntry) => (await failedChecks(checkGating(entry))).map(({ name }) => name);

/** The sound gates with their values changed. */
const changed = (change: (value: number, row: number, X: Matrix) => number): Partial<Gating> => ({
  gates(state, X) {
    const { values, names } = sound.gates(state, X);
    return {
      names,
      values: matrix(
        X.rows,
        1,
        values.data.map((value, row) => change(value, row, X)),
      ),
    };
  },
});

describe('checkGating', () => {
  it('passes a sound gating', async () => {
    expect(await failedChecks(checkGating(entryOf({})))).toEqual([]);
  });

  it('finds gates that depend on the rest of the batch', async () => {
    const mean = ({ data }: Matrix) => data.reduce((sum, x) => sum + x, 0) / data.length;
    const centring = entryOf(changed((_, row, X) => (X.data[row * X.cols] > mean(X) ? 1 : 0)));
    expect(await failuresOf(centring)).toEqual(['gives an input the same gates alone as in a batch']);
  });

  it('finds gates that depend on the place in the batch', async () => {
    expect(await failuresOf(entryOf(changed((value, row) => value + row)))).toEqual([
      'gives an input the same gates alone as in a batch',
    ]);
  });

  it('finds gates that are random when evaluated', async () => {
    expect(await failuresOf(entryOf(changed(() => Math.random())))).toContain(
      'gives the same gates each time it is asked',
    );
  });

  it('finds a fit that takes its randomness from elsewhere', async () => {
    const fit: Gating['fit'] = (X) => {
      requireInputs(X, X.cols);
      return { inputs: X.cols, drawn: Math.random() };
    };
    expect(await failuresOf(entryOf({ fit }))).toEqual(['draws the same state from the same stream']);
  });

  it('finds a state that is not plain JSON', async () => {
    const fit: Gating['fit'] = (X) => {
      requireInputs(X, X.cols);
      return { inputs: X.cols, drawn: new Float64Array(2) as unknown as number[] };
    };
    const [failure, ...others] = await failedChecks(checkGating(entryOf({ fit })));
    expect(failure.reason).toMatch(/state.drawn is a Float64Array, not plain JSON/);
    expect(others).toEqual([]);
  });

  it('finds gates that are not finite, and gates without names', async () => {
    const shape = 'gives one finite number for each input and each named gate';
    expect(await failuresOf(entryOf(changed(() => Number.NaN)))).toContain(shape);
    const nameless: Partial<Gating> = { gates: (state, X) => ({ ...sound.gates(state, X), names: [] }) };
    expect(await failuresOf(entryOf(nameless))).toContain(shape);
  });

  it('finds a gating that changes its inputs or its state', async () => {
    const untouched = 'leaves inputs, tasks and state as they are';
    const onInputs: Partial<Gating> = {
      gates(state, X) {
        const gates = sound.gates(state, X);
        X.data[0] += 1e-9;
        return gates;
      },
    };
    expect(await failuresOf(entryOf(onInputs))).toContain(untouched);
    const onState: Partial<Gating> = {
      gates(state, X) {
        (state as { asked?: number }).asked = X.rows;
        return sound.gates(state, X);
      },
    };
    expect(await failuresOf(entryOf(onState))).toEqual([untouched]);
  });

  it('finds a gating that accepts any inputs, or refuses them with an error of no code', async () => {
    const names = [
      'refuses inputs of another dimension than at fit',
      'refuses inputs that are not finite, at fit and after',
    ];
    const lax: Gating = {
      fit: (X) => ({ inputs: X.cols }),
      gates: (_, X) => ({ values: matrix(X.rows, 1), names: ['closed'] }),
    };
    expect(await failuresOf(entryOf(lax))).toEqual(names);
    const rude: Partial<Gating> = {
      gates(state, X) {
        if (X.cols !== state.inputs || !X.data.every(Number.isFinite)) throw new TypeError('no');
        return sound.gates(state, X);
      },
    };
    expect(await failuresOf(entryOf(rude))).toEqual(names);
  });
});

describe('checkEntry', () => {
  const failures = async (options: GatingEntry['options'], texts: Partial<GatingEntry> = {}) =>
    (await failedChecks(checkGating(entryOf({}, { options, ...texts })))).map(({ reason }) => reason);
  const level = number({ title: 'Level', default: 1, help: 'The gate opens above it.' });

  it('passes a sound option', async () => {
    expect(await failures({ level })).toEqual([]);
  });

  it('finds missing and long texts', async () => {
    expect(await failures({}, { title: ' ' })).toEqual(['title is empty, expected one line of text']);
    expect(await failures({}, { summary: 'One.\nTwo.' })).toEqual(['summary has more than one line, expected one']);
    expect(await failures({ level: { ...level, help: 'x'.repeat(91) } })).toEqual([
      'help of option level has 91 characters, expected at most 90',
    ]);
    expect(await failures({ level: { ...level, title: '' } })).toEqual([
      'title of option level is empty, expected one line of text',
    ]);
    expect(await failures({ 'the-level': level })).toEqual([
      'option "the-level" is not camelCase, expected a name like trainSize',
    ]);
  });

  it('finds defaults outside their range, and ranges without numbers', async () => {
    expect((await failures({ level: { ...level, max: 0 } })).join()).toMatch(/default of level.*1 is not allowed/);
    expect(await failures({ level: { ...level, min: 3, max: 2 } })).toContain(
      'option level has min 3 > max 2, expected min ≤ max',
    );
    expect(await failures({ level: { ...level, exclusiveMin: true } })).toContain(
      'option level has exclusiveMin without min, expected both or neither',
    );
  });
});
