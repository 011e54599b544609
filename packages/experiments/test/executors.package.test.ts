import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutorEntry } from '@ggdln/core';
import { executorsPlugin } from '@ggdln/experiments/node';
import { testExecutor } from '@ggdln/plugin-testkit';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'ggdln-executors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { 'in-process': inProcess, workers } = executorsPlugin.executor as Readonly<Record<string, ExecutorEntry>>;
const program = { module: 'file:///nowhere.js', data: {} };

testExecutor('in-process', inProcess, { folder });
testExecutor('workers', workers, { folder, options: { processes: 2 } });

describe('executor workers', () => {
  it('starts as many processes as asked for, else one a core, and no more than tasks', async () => {
    const slots = async (processes: number, tasks?: number) =>
      (await workers.create({ processes }, { program, folder, ...(tasks === undefined ? {} : { tasks }) })).slots;
    expect(await slots(3, 2)).toBe(3);
    expect(await slots(0, 1)).toBe(1);
    expect(await slots(0)).toBeGreaterThanOrEqual(1);
  });

  it('says beforehand what it would start', () => {
    expect(workers.preview?.({ processes: 3 }, { program, folder })).toMatch(
      /^3 processes of .*node on this machine, one BLAS thread in each\.\n$/,
    );
    expect(inProcess.preview?.({}, { program, folder })).toMatch(/^Nothing is started/);
  });
});
