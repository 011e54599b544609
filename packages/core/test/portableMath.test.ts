import { describe, expect, it } from 'vitest';
import { portableExp, portableExpNearZero, portableLog } from '../src/portableMath.ts';

const relative = (value: number, expected: number) => Math.abs(value - expected) / Math.abs(expected);

describe('exp and log for random streams', () => {
  it('agree with the engine to two units in the last place', () => {
    const places = Array.from({ length: 100_000 }, (_, i) => i + 1);
    const worst = (errors: number[]) => errors.reduce((a, b) => Math.max(a, b), 0);
    const exp = places.map((i) => relative(portableExp(-i * 2e-4), Math.exp(-i * 2e-4)));
    const log = places.slice(0, -1).map((i) => relative(portableLog(i * 1e-5), Math.log(i * 1e-5)));
    const near = places.map((i) => relative(portableExpNearZero(i * 1e-5), Math.exp(i * 1e-5)));
    expect(worst(near)).toBeLessThan(4 * Number.EPSILON);
    expect(worst(exp)).toBeLessThan(2 * Number.EPSILON);
    expect(worst(log)).toBeLessThan(2 * Number.EPSILON);
  });

  it('are exact where the answer is, and undo each other over their range', () => {
    expect(portableExp(0)).toBe(1);
    expect(portableLog(1)).toBe(0);
    for (const x of [-690, -36, -1e-9, 1e-9, 3, 690]) expect(portableLog(portableExp(x)) - x).toBeCloseTo(0, 12);
  });

  it('give these bits on every engine', () => {
    expect([portableExp(-0.7), portableExp(-5.926), portableLog(0.3), portableLog(7e-5)]).toEqual(EXPECTED);
  });
});

const EXPECTED = [0.4965853037914095, 0.0026691372129729026, -1.2039728043259361, -9.567015315914915];
