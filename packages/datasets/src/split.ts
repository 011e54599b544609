import { GgdlnError, inputError, type RandomStream } from '@ggdln/core';

/** Where examples are drawn from. */
export interface Pool {
  /** Class of every example. */
  readonly labels: ArrayLike<number>;
  /** Name for messages, e.g. `train-images-idx3-ubyte`. */
  readonly name: string;
}

/** What may be drawn. */
export interface Draw {
  /** Classes to draw from, in order. */
  readonly classes: readonly number[];
  /** Equal numbers of every class instead of the pool's own proportions. */
  readonly balance: boolean;
}

const where = '@ggdln/datasets split';

/**
 * A random order of all examples that may be drawn; whoever needs n of them takes the first n, so that smaller draws
 * are part of larger ones. Balanced orders go through the classes in turn and end where one has no example left.
 * @throws GGDLN_DATA for a class that doesn't occur.
 */
export function drawingOrder(pool: Pool, { classes, balance }: Draw, rng: RandomStream): Int32Array {
  const byClass = classes.map((label) => indicesOf(pool, label));
  classes.forEach((label, position) => {
    if (byClass[position].length === 0) throw absentClass(pool, label);
  });
  if (!balance) {
    const eligible = Int32Array.from(byClass.flat()).sort();
    return rng
      .stream('all')
      .permutation(eligible.length)
      .map((position) => eligible[position]);
  }
  const queues = byClass.map((indices, position) => {
    const order = rng.stream(`class ${classes[position]}`).permutation(indices.length);
    return Array.from(order, (place) => indices[place]);
  });
  return takeInTurn(queues);
}

function indicesOf({ labels }: Pool, label: number): number[] {
  const indices: number[] = [];
  for (let i = 0; i < labels.length; i++) if (labels[i] === label) indices.push(i);
  return indices;
}

function takeInTurn(queues: readonly (readonly number[])[]): Int32Array {
  const order: number[] = [];
  for (let round = 0; ; round++) {
    for (const queue of queues) {
      if (round >= queue.length) return Int32Array.from(order);
      order.push(queue[round]);
    }
  }
}

function absentClass({ labels, name }: Pool, label: number): GgdlnError {
  const present = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  return new GgdlnError({
    code: 'GGDLN_DATA',
    where,
    problem: `${name} has no example of class ${label}`,
    remedy: present.length === 0 ? 'It is empty' : `The classes there are ${present.join(', ')}`,
  });
}

/**
 * Checks that as many can be taken as are asked for.
 * @param wanted e.g. `100 training examples`.
 * @throws GGDLN_INPUT with both numbers.
 */
export function requireEnough(wanted: string, count: number, order: ArrayLike<number>, pool: Pool, draw: Draw): void {
  if (count <= order.length) return;
  const classes = draw.classes.join(', ');
  const scarce = draw.balance ? ', or turn off balance, which stops at the rarest class' : '';
  throw inputError(
    where,
    `${wanted} asked for, but ${pool.name} has ${order.length}${draw.balance ? ' in equal numbers' : ''} of the classes ${classes}`,
    `Ask for at most ${order.length}${scarce}`,
  );
}

/** How often each class occurs among the chosen, by class. */
export function classCounts(
  { labels }: Pool,
  chosen: ArrayLike<number>,
  classes: readonly number[],
): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(classes.map((label) => [label, 0]));
  for (let i = 0; i < chosen.length; i++) counts[labels[chosen[i]]]++;
  return counts;
}
