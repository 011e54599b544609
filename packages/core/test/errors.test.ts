import { describe, expect, it } from 'vitest';
import { GgdlnError, inputError, isGgdlnError, NotConvergedError } from '../src/index.ts';

describe('GgdlnError', () => {
  it('says where, what and what would be right, as sentences', () => {
    const parts = {
      code: 'GGDLN_DATA',
      where: '@ggdln/io',
      problem: 'the file ends at byte 9',
      remedy: 'Fetch it again',
    } as const;
    const error = new GgdlnError(parts);
    expect(error.message).toBe('[@ggdln/io] the file ends at byte 9. Fetch it again.');
    expect(error).toMatchObject({ ...parts, name: 'GgdlnError' });
    expect(error).toBeInstanceOf(Error);
  });

  it('leaves punctuation that is there, and needs no remedy', () => {
    expect(inputError('here', 'is it so?', 'Yes!').message).toBe('[here] is it so? Yes!');
    expect(inputError('here', 'no gates').message).toBe('[here] no gates.');
    expect(inputError('here', 'no gates').remedy).toBeUndefined();
    expect(inputError('here', 'no gates').code).toBe('GGDLN_INPUT');
  });

  it('tells 1500 characters of a longer problem and keeps the whole beside it', () => {
    const problem = 'x'.repeat(5000);
    const error = new GgdlnError({ code: 'GGDLN_DATA', where: 'a.csv', problem, remedy: 'Shorten it' });
    expect(error.message).toBe(`[a.csv] ${'x'.repeat(1500)} … (5000 characters). Shorten it.`);
    expect(error.problem).toBe(problem);
  });

  it('keeps its cause, also a false one, and has none otherwise', () => {
    const cause = new Error('disk full');
    expect(new GgdlnError({ code: 'GGDLN_STORAGE', where: 'x', problem: 'y', cause }).cause).toBe(cause);
    expect(new GgdlnError({ code: 'GGDLN_STORAGE', where: 'x', problem: 'y', cause: null }).cause).toBeNull();
    expect('cause' in inputError('x', 'y')).toBe(false);
  });
});

describe('NotConvergedError', () => {
  it('carries the last state under its own code', () => {
    const error = new NotConvergedError({ where: 'solve', problem: 'residual 1e-3 after 9 iterations' }, { U: [1, 2] });
    expect(error.state.U).toEqual([1, 2]);
    expect(error).toMatchObject({ code: 'GGDLN_NOT_CONVERGED', name: 'NotConvergedError' });
    expect(error).toBeInstanceOf(GgdlnError);
  });
});

describe('isGgdlnError', () => {
  it('knows errors by their code, also those of another copy of the package', () => {
    expect(isGgdlnError(inputError('x', 'y'))).toBe(true);
    expect(isGgdlnError(Object.assign(new Error('y'), { code: 'GGDLN_INPUT' }))).toBe(true);
  });

  it('knows others for what they are', () => {
    const others = [
      new Error('y'),
      Object.assign(new Error('y'), { code: 'ENOENT' }),
      { code: 'GGDLN_INPUT' },
      null,
      'x',
    ];
    for (const other of others) expect(isGgdlnError(other)).toBe(false);
    expect(isGgdlnError(Object.assign(new Error('y'), { code: 7 }))).toBe(false);
  });
});
