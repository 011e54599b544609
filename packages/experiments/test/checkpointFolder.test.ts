import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpointFolder } from '../src/node/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ggdln-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const of = { seed: 1, options: { rate: 0.1, width: 8 } };

describe('a folder of checkpoints', () => {
  it('keeps states by number, the last of each', async () => {
    const states = await openCheckpointFolder(folder, of);
    expect(await states.numbers()).toEqual([]);
    for (const [number, byte] of [
      [10, 1],
      [9, 2],
      [10, 3],
    ])
      await states.write(number, Uint8Array.of(byte));
    expect(await states.numbers()).toEqual([9, 10]);
    expect(Array.from(await states.read(10))).toEqual([3]);
    await states.remove(9);
    await states.close();
    const again = await openCheckpointFolder(folder, { ...of });
    expect(await again.numbers()).toEqual([10]);
    await again.close();
  });

  it('clears away what a killed process left, and says what it can not read', async () => {
    await writeFile(join(folder, '.unfinished-7-00000001.npz'), 'half');
    const states = await openCheckpointFolder(folder, of);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    await expect(states.read(4)).rejects.toMatchObject({
      code: 'GGDLN_STORAGE',
      problem: expect.stringContaining(`checkpoint 4 can't be read in ${folder}`),
    });
    await states.close();
  });

  it('refuses states of another computation, naming what differs, and lets go of the folder', async () => {
    await (await openCheckpointFolder(folder, of)).close();
    const other = { seed: 1, options: { rate: 0.2, width: 8, batch: 4 } };
    await expect(openCheckpointFolder(folder, other)).rejects.toThrow(
      `${folder} holds checkpoints of another run: options.rate is 0.1 there, 0.2 here; options.batch is absent there, 4 here`,
    );
    await (await openCheckpointFolder(folder, of)).close();
  });

  it('is one process at a time', async () => {
    const states = await openCheckpointFolder(folder, of);
    await expect(openCheckpointFolder(folder, of)).rejects.toThrow(/is in use by process \d+/);
    await states.close();
  });

  it('refuses a manifest that was changed', async () => {
    await (await openCheckpointFolder(folder, of)).close();
    await writeFile(join(folder, 'checkpoints.json'), '{"sha256":"","content":{}}');
    await expect(openCheckpointFolder(folder, of)).rejects.toThrow("checkpoints can't be kept");
  });
});
