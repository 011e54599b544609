import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GgdlnError } from '@ggdln/core';
import { decodeCsv, decodeNpz } from '@ggdln/io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExperimentEvent, type ExperimentSpec, parseSpec, resolveSpec, runExperiment } from '../src/index.ts';
import { openFolderStore, writeResults } from '../src/node/index.ts';
import { storageError } from '../src/node/storageError.ts';
import { noLinalg } from './doubles.ts';
import { failureOf, registry, resolved } from './helpers.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ggdln-store-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Runs the experiment of the doubles in a folder, stopped when point `stopAt` starts. */
async function runIn(folder: string, changes: Partial<ExperimentSpec> = {}, stopAt = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  const messages: string[] = [];
  const onEvent = (event: ExperimentEvent) => {
    if (event.type === 'point-started' && event.counts.done >= stopAt) controller.abort();
    if (event.type === 'warning') messages.push(event.warning.message);
  };
  const store = await openFolderStore(folder);
  try {
    const { signal } = controller;
    const result = await runExperiment(resolved(changes), { registry, linalg: noLinalg, store, signal, onEvent });
    const files = await writeResults(folder, result, { versions: { cli: '1.2.3' } });
    return { result, messages, files };
  } finally {
    await store.close();
  }
}

const pointFiles = async (folder: string) => (await readdir(join(folder, 'points'))).sort();

describe('openFolderStore', () => {
  it.each([1, 4])('ends with the same bytes after an interruption at point %i', async (stopAt) => {
    const calm = join(dir, 'calm');
    const disturbed = join(dir, 'disturbed');
    const { files } = await runIn(calm);
    expect((await failureOf(() => runIn(disturbed, {}, stopAt))).message).toContain(`points are saved in ${disturbed}`);
    const { result } = await runIn(disturbed);
    expect(result.counts.reused).toBeGreaterThanOrEqual(stopAt);
    expect(files).toHaveLength(8);
    for (const file of files) {
      const other = file.replace(calm, disturbed);
      expect(Buffer.compare(await readFile(other), await readFile(file)), file).toBe(0);
    }
    expect(await pointFiles(disturbed)).toEqual(await pointFiles(calm));
  });

  it('reuses everything when nothing changed, and tells when something did', async () => {
    await runIn(dir);
    const again = await runIn(dir);
    expect(again.result.counts).toMatchObject({ reused: 6, computed: 0 });
    expect(again.messages).toEqual([]);
    const changed = await runIn(dir, { sweep: { 'architecture.width': [10, 30, 50] } });
    expect(changed.messages).toEqual([expect.stringContaining('4 of 6 points reused, 2 to compute. 2 stored points')]);
  });

  const damage: readonly (readonly [what: string, suffix: string, change: (bytes: Buffer) => Buffer, said: string])[] =
    [
      [
        'a flipped bit in the arrays',
        '.npz',
        (bytes) => flip(bytes, bytes.length >> 1),
        'the checksum of its arrays is wrong',
      ],
      ['truncated arrays', '.npz', (bytes) => bytes.subarray(0, 100), 'the checksum of its arrays is wrong'],
      [
        'a changed digit',
        '.json',
        (bytes) => Buffer.from(bytes.toString().replace(/0\.25/, '0.24')),
        'its checksum is wrong',
      ],
      ['a truncated record', '.json', (bytes) => bytes.subarray(0, bytes.length >> 1), "can't be used"],
      ['an empty record', '.json', () => Buffer.alloc(0), "can't be used"],
      ['JSON of something else', '.json', () => Buffer.from('null'), "can't be used"],
    ];
  it.each(damage)('computes a point again after %s', async (_what, suffix, change, said) => {
    const first = await runIn(dir);
    const before = await readFile(join(dir, 'arrays.npz'));
    const name = (await pointFiles(dir)).find((file) => file.endsWith(suffix)) as string;
    const path = join(dir, 'points', name);
    await writeFile(path, change(await readFile(path)));
    const again = await runIn(dir);
    expect(again.messages).toEqual([expect.stringContaining(said)]);
    expect(again.messages[0]).toContain(name.slice(0, 24));
    expect(again.result.counts).toMatchObject({ reused: 5, computed: 1 });
    expect(again.result.table).toEqual(first.result.table);
    expect(Buffer.compare(await readFile(join(dir, 'arrays.npz')), before)).toBe(0);
  });

  it('computes a point again whose arrays are gone, and one of another format', async () => {
    await runIn(dir);
    const [first, second] = (await pointFiles(dir)).filter((file) => file.endsWith('.json'));
    await rm(join(dir, 'points', first.replace('json', 'npz')));
    await writeFile(join(dir, 'points', second), await readFile(join(dir, 'points', first)));
    expect((await runIn(dir)).result.counts).toMatchObject({ reused: 4, computed: 2 });
  });

  it('throws away what a killed process left unfinished', async () => {
    expect((await failureOf(() => runIn(dir, {}, 2))).code).toBe('GGDLN_CANCELLED');
    const saved = await pointFiles(dir);
    await writeFile(join(dir, 'points', '.unfinished-1-x.json'), '{');
    await writeFile(join(dir, 'points', `${'0'.repeat(24)}.npz`), 'arrays whose record was never written');
    const { result, messages } = await runIn(dir);
    expect(messages).toEqual([]);
    expect(result.counts.reused).toBe(saved.length / 2);
    expect((await pointFiles(dir)).some((name) => name.startsWith('.unfinished'))).toBe(false);
  });
});

describe('the lock', () => {
  const lockText = (changes: object) =>
    JSON.stringify({ pid: process.pid, host: hostname(), started: 'then', ...changes });

  it('keeps a second run out until the first is done', async () => {
    const store = await openFolderStore(dir);
    const { code, message } = await failureOf(() => openFolderStore(dir));
    expect(code).toBe('GGDLN_STORAGE');
    expect(message).toContain(`${dir} is in use by process ${process.pid}. Wait for it`);
    await store.close();
    await (await openFolderStore(dir)).close();
    expect(await readdir(dir)).toEqual(['points']);
  });

  it.each([
    ['a process that is dead', () => lockText({ pid: spawnSync(process.execPath, ['-e', '0']).pid })],
    ['an earlier process of the same number', () => lockText({ started: 'another boot/1' })],
    ['nobody: an empty file', () => ''],
  ])('is taken over from %s', async (_who, text) => {
    await writeFile(join(dir, 'run.lock'), text());
    await (await openFolderStore(dir)).close();
  });

  it.skipIf(process.platform !== 'linux')('is taken over from a dead process that nobody buried', async () => {
    // The shell becomes a `sleep` that never asks for the end of its child.
    const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 60']);
    try {
      const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
      await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8'), { timeout: 30_000 }).toContain(') Z ');
      const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
      const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
      await writeFile(join(dir, 'run.lock'), lockText({ pid, started: `${boot}/${stat[19]}` }));
      await (await openFolderStore(dir)).close();
    } finally {
      parent.kill();
    }
  });

  it('is waited for when asked to, until it is free or the wait is cancelled', async () => {
    const store = await openFolderStore(dir);
    const messages: string[] = [];
    const onWait = (message: string) => messages.push(message);
    const stop = new AbortController();
    const cancelled = failureOf(() => openFolderStore(dir, { wait: true, signal: stop.signal }));
    const next = openFolderStore(dir, { wait: true, onWait });
    await expect.poll(() => messages).toEqual([`Waiting for process ${process.pid}, which uses ${dir}`]);
    stop.abort();
    expect((await cancelled).code).toBe('GGDLN_CANCELLED');
    await store.close();
    await (await next).close();
  });

  it('is not taken from another machine, whose processes cannot be asked', async () => {
    await writeFile(join(dir, 'run.lock'), lockText({ host: 'elsewhere', pid: 1 }));
    const { message } = await failureOf(() => openFolderStore(dir));
    expect(message).toContain(`in use by process 1 on elsewhere`);
    expect(message).toContain(`delete ${join(dir, 'run.lock')}`);
  });
});

describe('folders that cannot be written', () => {
  it('says so before anything is computed', async () => {
    await writeFile(join(dir, 'file'), '');
    const { code, message } = await failureOf(() => openFolderStore(join(dir, 'file', 'run')));
    expect(code).toBe('GGDLN_STORAGE');
    expect(message).toContain(
      `can't be kept in ${join(dir, 'file', 'run')}: a part of the path is a file, not a folder`,
    );
  });

  it('says what is saved when the folder goes away during the run', async () => {
    const store = await openFolderStore(dir);
    const onEvent = ({ type, counts }: ExperimentEvent) => {
      if (type === 'point-finished' && counts.done === 2) removePoints();
    };
    let removed: Promise<void> | undefined;
    const removePoints = () => {
      removed = rm(join(dir, 'points'), { recursive: true }).then(() => writeFile(join(dir, 'points'), ''));
    };
    const put: typeof store.put = async (record) => {
      await removed;
      return store.put(record);
    };
    const options = { registry, linalg: noLinalg, store: { ...store, put }, onEvent };
    const { code, message } = await failureOf(() => runExperiment(resolved(), options));
    await store.close();
    expect(code).toBe('GGDLN_STORAGE');
    expect(message).toMatch(/point [0-9a-f]{24} can't be written in .*: a part of the path is a file/);
    expect(message).toContain('2 of 6 points are saved in');
  });

  it.each([
    ['ENOSPC', 'the disk is full. Make room'],
    ['EACCES', 'no permission'],
    ['EROFS', 'the file system is read-only'],
    ['EIO', 'i/o error'],
  ])('explains %s', (code, said) => {
    const cause = Object.assign(new Error('i/o error'), { code });
    const error: GgdlnError = storageError('/data/run', "point x can't be written", cause);
    expect(error.code).toBe('GGDLN_STORAGE');
    expect(error.message).toContain('in /data/run');
    expect(error.message).toContain(said);
    expect(error.cause).toBe(cause);
  });

  it('says which results were written before', async () => {
    const { result } = await runIn(join(dir, 'run'));
    await writeFile(join(dir, 'file'), '');
    const { message } = await failureOf(() => writeResults(join(dir, 'file'), result));
    expect(message).toContain(`results can't be written (nothing was written) in ${join(dir, 'file')}`);
  });
});

describe('writeResults', () => {
  it('writes files that others read', async () => {
    const { result } = await runIn(dir);
    const table = decodeCsv(await readFile(join(dir, 'table.csv'), 'utf8'));
    expect(table).toEqual(result.table);
    expect(JSON.parse(await readFile(join(dir, 'table.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(table)));
    const arrays = decodeNpz(await readFile(join(dir, 'arrays.npz')));
    expect(arrays['sampler/width=100/mean'].shape).toEqual([6, 1]);
    expect(arrays['sampler/width=100/mean'].data).toEqual(
      result.points.find((point) => point.source === 'sampler' && point.axes['architecture.width'] === 100)?.arrays.mean
        .data,
    );
    const spec = parseSpec(await readFile(join(dir, 'spec.resolved.yaml'), 'utf8'), 'spec.resolved.yaml');
    expect(resolveSpec(spec, registry)).toEqual(result.spec);
  });

  it('keeps provenance free of times, hosts and paths', async () => {
    await runIn(dir);
    const text = await readFile(join(dir, 'provenance.json'), 'utf8');
    const provenance = JSON.parse(text);
    expect(provenance).toMatchObject({ seed: 11, linalg: { name: 'none' }, plugins: ['doubles'] });
    expect(provenance.versions).toMatchObject({ '@ggdln/experiments': expect.any(String), cli: '1.2.3' });
    expect(provenance.datasets).toEqual([{ family: 'line', trainSize: 8 }]);
    expect(text).not.toContain(hostname());
    expect(text).not.toContain(dir);
    expect(text).not.toMatch(/\d{4}-\d\d-\d\d|\d\d:\d\d/);
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] ^= 1;
  return bytes;
}
