import { describe, expect, it } from 'vitest';
import { decodeCifar } from '../src/index.ts';

const record = (...head: number[]) => [...head, ...new Array<number>(3072).fill(head[0])];

describe('decodeCifar', () => {
  it('splits records into labels and planes', () => {
    const { count, labels, pixels } = decodeCifar(Uint8Array.from([...record(7), ...record(2)]));
    expect([count, ...labels]).toEqual([2, 7, 2]);
    expect([pixels.length, pixels[3071], pixels[3072]]).toEqual([6144, 7, 2]);
  });

  it('reads both labels of CIFAR-100', () => {
    const { labels, coarseLabels } = decodeCifar(Uint8Array.from(record(3, 99)), { classes: 100 });
    expect([...labels, ...(coarseLabels ?? [])]).toEqual([99, 3]);
  });

  it.each([
    ['nothing', [], 'byte 0: expected records of 3073 bytes (CIFAR-10), got 0 bytes after 0 of them'],
    ['half a record', [...record(1), 5], 'byte 3073: expected records of 3073 bytes (CIFAR-10), got 1 bytes after 1'],
    ['a label beyond 9', record(10), 'byte 0: expected a label from 0 to 9, got 10'],
  ])('refuses %s, naming the byte', (_what, bytes, message) => {
    expect(() => decodeCifar(Uint8Array.from(bytes), { name: 'test_batch.bin' })).toThrow(`test_batch.bin, ${message}`);
  });

  it('refuses more than maxBytes before it allocates', () => {
    expect(() => decodeCifar(Uint8Array.from(record(1)), { maxBytes: 1000 })).toThrow(/at most 1000 bytes/);
  });
});
