import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GgdlnError, packError, type Task } from '@ggdln/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { computeElement } from '../src/computeElement.ts';
import { readOutcome, writeOutcome } from '../src/outcomeFile.ts';
import { finishedTasks, openOutcomes, takeOutcome } from '../src/outcomes.ts';
import { deliveredFile, outcomeFile } from '../src/runFolder.ts';
import { readState } from '../src/stateFile.ts';
import { createTaskBook } from '../src/taskBook.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ggdln-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const done = (result: unknown) => ({ type: 'done', result, warnings: [], seconds: 2 }) as const;

describe('outcomes', () => {
  it('come back bit for bit, arrays and all', async () => {
    const file = outcomeFile(folder, 'a');
    const data = new Float64Array([0, 1, 2, -0, Number.NaN, 1 / 3]).subarray(1);
    await writeOutcome(file, done({ mean: { rows: 5, cols: 1, data }, map: new Map([[1, 'x']]) }));
    expect(await readOutcome(file)).toEqual(done({ mean: { rows: 5, cols: 1, data }, map: new Map([[1, 'x']]) }));
    expect(await readdir(folder)).toEqual(['a.outcome']);
  });

  it('are none where a bit is flipped or the end is missing, wherever', async () => {
    const file = outcomeFile(folder, 'a');
    await writeOutcome(file, done(Float64Array.of(1, 2)));
    const whole = await readFile(file);
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at] ^= 1 << (at % 8);
      await writeFile(file, flipped);
      expect(await readOutcome(file), `bit in byte ${at}`).toBeUndefined();
      await writeFile(file, whole.subarray(0, at));
      expect(await readOutcome(file), `${at} bytes`).toBeUndefined();
    }
  });

  it('that are failures are handed over once, and forgotten by the next process', async () => {
    const error = new GgdlnError({ code: 'GGDLN_NUMERICAL', where: 'x', problem: 'not positive definite' });
    await writeOutcome(outcomeFile(folder, 'a'), { type: 'failed', error: packError(error), warnings: [], seconds: 2 });
    expect(await takeOutcome(folder, 'a')).toMatchObject({ type: 'failed' });
    expect(await readdir(folder)).toEqual(['a.failed']);
    expect([...(await finishedTasks(folder))]).toEqual([]);
    await openOutcomes(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that are damaged are removed', async () => {
    await writeFile(outcomeFile(folder, 'a'), 'no outcome');
    expect([...(await finishedTasks(folder))]).toEqual(['a']);
    expect(await takeOutcome(folder, 'a')).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('an element', () => {
  const program = {
    module: `data:text/javascript,${encodeURIComponent(`
      export const openTaskProgram = (data, limits) => async ({ id, work }, listener, signal) => {
        listener.onWarning({ code: 'w', message: id });
        if (work.stop) process.emit('stop-test');
        if (work.fail) throw new TypeError('broken');
        if (work.stop) await new Promise(() => {});
        return { id, factor: data.factor, ...limits };
      };`)}`,
    data: { factor: 3 },
  };
  const task = (id: string, work = {}): Task => ({ id, name: `task ${id}`, work });
  const run = (tasks: readonly Task[], signal = new AbortController().signal, restarts = 0, lines: string[] = []) =>
    computeElement(
      { program, outcomes: folder, tasks },
      {
        stateFile: join(folder, 'state'),
        restarts,
        memoryLimit: 1000,
        signal,
        log: (text) => lines.push(text),
      },
    );

  it('computes its tasks, keeps failures as outcomes, and says where it is', async () => {
    const lines: string[] = [];
    expect(await run([task('a'), task('b', { fail: true })], undefined, 0, lines)).toBe(true);
    expect(await readOutcome(outcomeFile(folder, 'a'))).toEqual({
      type: 'done',
      result: { id: 'a', factor: 3, memoryLimit: 1000 },
      warnings: [{ code: 'w', message: 'a' }],
      seconds: expect.any(Number),
    });
    expect(await readOutcome(outcomeFile(folder, 'b'))).toMatchObject({ type: 'failed', error: { message: 'broken' } });
    expect(await readState(join(folder, 'state'))).toEqual({ task: null, resumed: 0, computed: 2, restarts: 0 });
    expect(lines.map((line) => line.replace(/[\d.]+ s/, 'T'))).toEqual([
      '2 of 2 tasks to compute',
      'task a (a)',
      '  done in T',
      'task b (b)',
      '  failed after T: broken',
    ]);
  });

  it('gives the task up that is under way when it is stopped, and goes on there', async () => {
    const stop = new AbortController();
    process.once('stop-test' as never, () => stop.abort('SIGTERM'));
    expect(await run([task('a'), task('b', { stop: true }), task('c')], stop.signal)).toBe(false);
    expect([...(await finishedTasks(folder))]).toEqual(['a']);
    expect(await readState(join(folder, 'state'))).toEqual({
      task: 'b',
      resumed: 0,
      computed: 1,
      restarts: 0,
      stoppedBy: 'SIGTERM',
    });
    expect(await run([task('a'), task('b'), task('c')], undefined, 1)).toBe(true);
    expect([...(await finishedTasks(folder))].sort()).toEqual(['a', 'b', 'c']);
    expect(await readState(join(folder, 'state'))).toEqual({ task: null, resumed: 1, computed: 2, restarts: 1 });
  });

  it('computes a failure that was handed over again when it is asked to, not when Slurm starts it again', async () => {
    await writeFile(deliveredFile(folder, 'a'), '');
    await run([task('a')], undefined, 1);
    expect([...(await finishedTasks(folder))]).toEqual([]);
    await run([task('a')]);
    expect([...(await finishedTasks(folder))]).toEqual(['a']);
  });
});

describe('the book of tasks', () => {
  const task: Task = { id: 'a', name: 'task a', work: {} };
  const silent = { onProgress: () => {}, onWarning: () => {} };

  it('hands one outcome to all who wait for it', async () => {
    const book = createTaskBook();
    const { signal } = new AbortController();
    const told: string[] = [];
    const listener = {
      ...silent,
      onWarning: ({ message }: { message: string }) => told.push(message),
      onComputed: (seconds: number) => told.push(`${seconds} s`),
    };
    const both = [book.wait(task, listener, signal), book.wait(task, listener, signal)];
    book.settle('a', { type: 'done', result: 7, warnings: [{ code: 'w', message: 'careful' }], seconds: 2 });
    expect(await Promise.all(both)).toEqual([7, 7]);
    expect(told).toEqual(['careful', '2 s', 'careful', '2 s']);
    expect(book.wanted()).toEqual([]);
  });

  it('forgets a task when the last who waits has gone', async () => {
    const book = createTaskBook();
    const [first, second] = [new AbortController(), new AbortController()];
    const waits = [first, second].map(({ signal }) => book.wait(task, silent, signal));
    first.abort();
    await expect(waits[0]).rejects.toMatchObject({
      code: 'GGDLN_CANCELLED',
      message: '[executor slurm] task a was cancelled.',
    });
    expect(book.get('a')).toBeDefined();
    second.abort();
    await expect(waits[1]).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    expect(book.wanted()).toEqual([]);
  });

  it('waits for nothing whose signal has fired', async () => {
    const book = createTaskBook();
    await expect(book.wait(task, silent, AbortSignal.abort())).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    expect(book.wanted()).toEqual([]);
  });
});
