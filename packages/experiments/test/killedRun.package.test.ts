import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./killedRun.mjs', import.meta.url));

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ggdln-killed-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Starts the run; kills it `afterPoints` points and some milliseconds later. @returns What it printed. */
function runIn(
  folder: string,
  workers: number,
  afterPoints: number = Number.POSITIVE_INFINITY,
  delay = 0,
): Promise<string> {
  const args = workers > 0 ? [String(workers)] : [];
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [script, folder, ...args]);
  let output = '';
  let due = false;
  child.stdout.on('data', (text) => {
    output += text;
    if (due || output.split('point\n').length <= afterPoints) return;
    due = true;
    setTimeout(() => child.kill('SIGKILL'), delay);
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  return new Promise((resolve) => child.on('close', () => resolve(output)));
}

it.each([0, 2])(
  'ends with the bytes of an undisturbed run after kill -9 at many moments, %i workers',
  async (workers) => {
    const calm = join(dir, `calm ${workers}`);
    const killed = join(dir, `killed ${workers}`);
    expect(await runIn(calm, 0)).toContain('done, 0 reused');
    for (const delay of [0, 3, 25, 48, 53]) {
      const output = await runIn(killed, workers, 1, delay);
      expect(output).toContain('point');
      expect(output).not.toContain('done');
      expect(output).not.toContain('warning');
    }
    const last = await runIn(killed, workers);
    expect(Number(/done, (\d+) reused/.exec(last)?.[1])).toBeGreaterThanOrEqual(5);
    expect(last).not.toContain('warning');
    const names = (folder: string) => readdir(folder, { recursive: true }).then((list) => list.sort());
    expect(await names(killed)).toEqual(await names(calm));
    const results = (await readdir(calm)).filter((name) => name !== 'points');
    expect(results).toHaveLength(9);
    for (const name of results) {
      expect(Buffer.compare(await readFile(join(killed, name)), await readFile(join(calm, name))), name).toBe(0);
    }
  },
);
