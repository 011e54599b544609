import { type Executor, GgdlnError, type JsonObject, type Progress, type WorkContext } from '@ggdln/core';
import { createWasmBackend } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { computeWorks, inProcess } from '../src/index.ts';
import { computeModuleWork, isModuleWork, worksInOrder } from '../src/run/moduleWork.ts';

const linalg = await createWasmBackend();
const works = [3, 1, 2].map((n) => ({ name: `square ${n}`, data: { n } }));
const square = async ({ n }: JsonObject) => Number(n) ** 2;
const part = { module: 'data:text/javascript,export const square=async({n})=>n*n', name: 'square', compute: square };

/** Computes elsewhere: from what a task says alone, at most `slots` at a time. */
function elsewhere(slots: number, seen: string[] = []): Executor & { most(): number } {
  let [now, most] = [0, 0];
  return {
    description: 'a test',
    slots,
    most: () => most,
    async run(task, listener, signal) {
      seen.push(task.id);
      most = Math.max(most, ++now);
      expect(isModuleWork(task)).toBe(true);
      const sent = JSON.parse(JSON.stringify(task));
      await new Promise((resolve) => setTimeout(resolve, 1));
      const result = await computeModuleWork(sent, { linalg, signal, onProgress: listener.onProgress });
      now--;
      return result;
    },
  };
}

describe('computeWorks', () => {
  it('gives the results in the order of the works, by whatever executor, and tells of them', async () => {
    const seen: string[] = [];
    const heard: Progress[] = [];
    expect(await computeWorks(works, part, { executor: inProcess, linalg })).toEqual([9, 1, 4]);
    for (const slots of [1, 2, Number.POSITIVE_INFINITY]) {
      const executor = elsewhere(slots, seen);
      const how = { executor, linalg, onProgress: (progress: Progress) => heard.push(progress) };
      expect(await computeWorks(works, part, how)).toEqual([9, 1, 4]);
      expect(executor.most()).toBeLessThanOrEqual(Math.min(slots, 3));
    }
    // The same work has the same id.
    expect(new Set(seen).size).toBe(3);
    for (const id of seen) expect(id).toMatch(/^[\w.-]+$/);
    expect(heard.slice(0, 3).map(({ done, total }) => [done, total])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it('throws what a piece throws, and begins no more', async () => {
    const begun: number[] = [];
    const compute = async ({ n }: JsonObject) => {
      begun.push(Number(n));
      throw new GgdlnError({ code: 'GGDLN_NUMERICAL', where: 'test', problem: `no square of ${n}`, remedy: 'None' });
    };
    await expect(computeWorks(works, { ...part, compute }, { executor: inProcess, linalg })).rejects.toThrow(
      /no square of 3/,
    );
    expect(begun).toEqual([3]);
  });

  it('ends when it is cancelled', async () => {
    const stop = new AbortController();
    const compute = async (data: JsonObject, { signal }: WorkContext) => {
      stop.abort();
      expect(signal?.aborted).toBe(true);
      return square(data);
    };
    const work = computeWorks(works, { ...part, compute }, { executor: inProcess, linalg, signal: stop.signal });
    await expect(work).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });
});

describe('worksInOrder', () => {
  /** Takes two works at once; the first ends when the second has. */
  const crossing = () => {
    const ended: string[] = [];
    let release = () => {};
    const second = new Promise<void>((resolve) => {
      release = resolve;
    });
    const executor: Executor = {
      description: 'a test',
      slots: 2,
      async run(task, listener, signal, here) {
        if (task.name === 'square 3') await second;
        const result = await here(task, listener, signal);
        ended.push(task.name);
        if (task.name === 'square 1') release();
        return result;
      },
    };
    return { executor, ended };
  };

  it('gives results in the order of the works, however they end', async () => {
    const { executor, ended } = crossing();
    const found: number[] = [];
    for await (const result of worksInOrder(works, part, { executor, linalg })) found.push(result);
    expect(found).toEqual([9, 1, 4]);
    expect(ended[0]).toBe('square 1');
  });

  it('stops what still computes when nobody asks for more', async () => {
    const stopped: boolean[] = [];
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const compute = async (data: JsonObject, { signal }: WorkContext) => {
      if (data.n === 3) {
        await begun;
        return 9;
      }
      begin();
      await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
      stopped.push(true);
      return 0;
    };
    const executor: Executor = { ...inProcess, slots: 2 };
    for await (const result of worksInOrder(works, { ...part, compute }, { executor, linalg })) {
      expect(result).toBe(9);
      break;
    }
    expect(stopped).toEqual([true]);
  });
});
