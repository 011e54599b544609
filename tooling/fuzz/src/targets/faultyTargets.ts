import { type FuzzTarget, utf8 } from '../target.ts';

/** Faulty on about half of its inputs. */
function faulty(name: string, misbehave: () => void): FuzzTarget {
  return {
    name,
    samples: [utf8('abcdefgh')],
    read: (bytes) => {
      if ((bytes[0] ?? 0) !== 0x61) misbehave();
    },
    allowance: () => 1024,
  };
}

const hoard: ArrayLike<unknown>[] = [];

/** Readers with the faults that fuzzing is to find: they show that it does. */
export const faultyTargets: readonly FuzzTarget[] = [
  faulty('crashes', () => {
    throw new TypeError("Cannot read properties of undefined (reading 'length')");
  }),
  faulty('hangs', () => {
    while (hoard.length === 0);
  }),
  faulty('believes sizes', () => {
    hoard.push(new Float64Array(1000));
  }),
  faulty('fills the heap', () => {
    for (;;) hoard.push(Array.from({ length: 1e5 }, String));
  }),
];
