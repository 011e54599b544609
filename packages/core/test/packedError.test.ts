import { describe, expect, it } from 'vitest';
import { GgdlnError, isGgdlnError, NotConvergedError, type PackedError, packError, unpackError } from '../src/index.ts';

const through = (error: unknown) => unpackError(JSON.parse(JSON.stringify(packError(error))) as PackedError);

describe('packError and unpackError', () => {
  it('bring an error of ggdln through JSON with code, parts, message and stack', () => {
    const error = new GgdlnError({ code: 'GGDLN_DATA', where: 'a file', problem: 'it is short', remedy: 'Fetch it' });
    const back = through(error);
    if (!isGgdlnError(back)) throw new Error('it is no GgdlnError');
    const { code, where, problem, remedy, message, stack } = back;
    expect({ code, where, problem, remedy, message, stack }).toEqual({
      code: 'GGDLN_DATA',
      where: 'a file',
      problem: 'it is short',
      remedy: 'Fetch it',
      message: error.message,
      stack: error.stack,
    });
  });

  it('leave out what there is not: a remedy, the state of an iteration', () => {
    const back = through(new NotConvergedError({ where: 'saddle', problem: 'no convergence' }, { U: [Number.NaN] }));
    expect(back).toMatchObject({ code: 'GGDLN_NOT_CONVERGED', message: '[saddle] no convergence.' });
    expect((back as GgdlnError).remedy).toBeUndefined();
  });

  it('bring other errors as errors, and what is none as its text', () => {
    const error = new TypeError('x is not a function');
    expect(through(error)).toMatchObject({ message: 'x is not a function', stack: error.stack });
    expect(isGgdlnError(through(error))).toBe(false);
    expect(through('only words').message).toBe('only words');
    expect(through(undefined).message).toBe('undefined');
  });
});
