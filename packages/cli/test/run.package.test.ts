import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { decodeCsv, decodeNpz } from '@ggdln/io';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Finished, ggdln, ggdlnHere, newFolder, root } from './runCommand.ts';

const smoke = 'experiments/smoke.yaml';
const bytes = (folder: string, file: string) =>
  createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex');
const sameResults = (a: string, b: string) => {
  for (const file of [
    'table.csv',
    'comparison.csv',
    'diagnostics.csv',
    'arrays.npz',
    'figure.svg',
    'spec.resolved.yaml',
    'provenance.json',
  ]) {
    expect(bytes(a, file), file).toBe(bytes(b, file));
  }
};

/** The same experiment with fewer steps, for what does not look at its numbers. */
const fewSteps = [
  ...['--set', 'learners.block-gibbs.sweeps=40', '--set', 'learners.langevin.steps=120'],
  ...['--set', 'learners.gradient-descent.steps=100'],
];

describe('ggdln run', () => {
  const undisturbed = newFolder();
  let first: Finished;
  beforeAll(async () => {
    first = await ggdln(['run', smoke, '--out', undisturbed]);
  });

  it('prints the comparison with z-scores on standard output and progress on standard error', () => {
    expect(first.stderr).toContain('✓ block-gibbs width 90');
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/metric +source +width +theory +measured\(s\.e\.\) +difference +% +z/);
    expect(first.stdout).toMatch(/sampler +width +R̂ +ESS min +ESS median +virial\(s\.e\.\)\nblock-gibbs +10 +1\.0/);
    expect(first.stdout).not.toContain('✓');
  });

  it('writes figure, table, arrays and the resolved spec', () => {
    const png = readFileSync(join(undisturbed, 'figure.png'));
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(readFileSync(join(undisturbed, 'figure.svg'), 'utf8')).toContain('<title>');
    const table = decodeCsv(readFileSync(join(undisturbed, 'table.csv'), 'utf8'));
    expect(new Set(table.rows.map((row) => row.source))).toEqual(
      new Set(['ggdln', 'infinite-width', 'block-gibbs', 'langevin', 'gradient-descent']),
    );
    expect(decodeNpz(readFileSync(join(undisturbed, 'arrays.npz')))['block-gibbs/width=90/mean'].shape).toEqual([
      20, 1,
    ]);
    expect(readFileSync(join(undisturbed, 'spec.resolved.yaml'), 'utf8')).toContain('half-spaces');
  });

  it('runs its own resolved spec to the same numbers', async () => {
    const again = newFolder();
    const result = await ggdlnHere(['run', join(undisturbed, 'spec.resolved.yaml'), '--out', again, '--quiet']);
    expect(result.stderr).toBe('');
    sameResults(undisturbed, again);
  });

  it('killed at any point and started again, ends with the same bytes', async () => {
    const folder = newFolder();
    for (const mark of ['block-gibbs width 10', 'block-gibbs width 90']) {
      const killed = await ggdln(['run', smoke, '--out', folder], { at: `✓ ${mark}` });
      expect(killed.code).toBe(null);
    }
    const resumed = await ggdlnHere(['run', smoke, '--out', folder]);
    expect(resumed.stderr).toContain('↺ block-gibbs width 10');
    expect(resumed.code).toBe(0);
    sameResults(undisturbed, folder);
  });

  it('stopped by Ctrl-C, says what is saved, ends with 130, and goes on when started again', async () => {
    const folder = newFolder();
    const stopped = await ggdln(['run', smoke, '--out', folder], { at: '✓ block-gibbs width 10', signal: 'SIGINT' });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/stopped: \d+ of 13 points are saved in .*Run the same experiment again/);
    expect((await ggdlnHere(['run', smoke, '--out', folder])).code).toBe(0);
    sameResults(undisturbed, folder);
  });

  it('keeps points that a changed spec still has, and says how many', async () => {
    const result = await ggdlnHere([
      'run',
      smoke,
      '--out',
      undisturbed,
      '--set',
      'learners.block-gibbs.sweeps=310',
      '--quiet=false',
    ]);
    expect(result.stderr).toMatch(/The spec .*changed.*: 10 of 13 points reused, 3 to compute/);
    // Back to the first spec: everything is still there.
    expect((await ggdlnHere(['run', smoke, '--out', undisturbed])).stderr).toMatch(/13 of 13 points reused/);
  });

  it('writes the same bytes with one job and with several, also for plugins from outside', async () => {
    for (const more of [[], ['--plugin', './examples/plugin-gating', '--gating', 'stripes']]) {
      const [one, two] = [newFolder(), newFolder()];
      const start = ['run', smoke, ...fewSteps, ...more];
      for (const [out, jobs] of [
        [one, '1'],
        [two, '2'],
      ]) {
        const result = await ggdln([...start, '--out', out, '--jobs', jobs]);
        expect(result.code, result.stderr).toBe(0);
        expect(result.stderr.includes('2 worker processes')).toBe(jobs === '2');
      }
      for (const file of [
        'table.csv',
        'table.json',
        'diagnostics.csv',
        'arrays.npz',
        'provenance.json',
        'figure.svg',
      ]) {
        expect(bytes(two, file), file).toBe(bytes(one, file));
      }
    }
    const refused = await ggdlnHere(['run', smoke, '--out', newFolder(), '--jobs', '1.5']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--jobs is 1.5. Give a whole number ≥ 1');
  });

  it('recomputes a damaged point instead of using or losing it', async () => {
    const folder = newFolder();
    const run = ['run', smoke, ...fewSteps, '--out', folder];
    await ggdlnHere([...run, '--quiet']);
    const arrays = bytes(folder, 'arrays.npz');
    const points = readdirSync(join(folder, 'points')).filter((file) => file.endsWith('.json'));
    const damaged = join(folder, 'points', points[3]);
    writeFileSync(damaged, readFileSync(damaged).subarray(0, 100));
    const result = await ggdlnHere(run);
    expect(result.stderr).toMatch(/Warning \(.*computed again/);
    expect(bytes(folder, 'arrays.npz')).toBe(arrays);
  });

  it('with --json prints one document with rows, comparison and files', async () => {
    const { stdout } = await ggdlnHere(['run', smoke, '--out', undisturbed, '--json']);
    const document = JSON.parse(stdout) as { rows: object[]; comparison: object[]; files: string[] };
    expect(document.rows.length).toBeGreaterThan(20);
    expect(document.files.every((file) => existsSync(file))).toBe(true);
  });

  it('uses a plugin from outside the packages, whose options appear in help', async () => {
    const help = await ggdlnHere(['run', '--plugin', './examples/plugin-gating', '--help']);
    expect(help.stdout).toContain('--gating.period');
    const folder = newFolder();
    const run = [
      'run',
      '--plugin',
      './examples/plugin-gating',
      '--gating.period',
      '3',
      '--set',
      'learners.block-gibbs.sweeps=20',
    ];
    expect((await ggdlnHere([...run, '--sweep', 'architecture.width=20', '--out', folder])).code).toBe(0);
    expect(readFileSync(join(folder, 'spec.resolved.yaml'), 'utf8')).toMatch(/use: stripes\n +gates: 6\n +period: 3/);
  });

  it('loads the plugins that an experiment file lists, relative to the file', async () => {
    const folder = newFolder();
    const plugin = join(root, 'examples/plugin-gating');
    const text = readFileSync(join(root, smoke), 'utf8').replace('use: half-spaces', 'use: stripes');
    writeFileSync(join(folder, 'stripes.yaml'), `${text}\nplugins: [${JSON.stringify(relative(folder, plugin))}]\n`);
    const result = await ggdlnHere(['run', join(folder, 'stripes.yaml'), '--dry-run', '--json']);
    expect((JSON.parse(result.stdout) as { gating: { use: string } }).gating.use).toBe('stripes');
  });

  it('draws one figure for each setting of further axes, and says why where it draws none', async () => {
    const folder = newFolder();
    const small = ['--set', 'learners.block-gibbs.sweeps=20', '--sweep', 'architecture.width=10,30', '--out', folder];
    const grid = await ggdlnHere(['run', ...small, '--sweep', 'temperature=0.1,1']);
    expect(grid.code, grid.stderr).toBe(0);
    expect(
      readdirSync(folder)
        .filter((file) => file.endsWith('.png'))
        .sort(),
    ).toEqual(['figure-temperature=0.1.png', 'figure-temperature=1.png']);
    const words = await ggdlnHere([
      'run',
      ...small.slice(0, 2),
      '--sweep',
      'dataset.teacher=linear,relu',
      '--set',
      'figure.x=dataset.teacher',
      '--out',
      newFolder(),
    ]);
    expect(words.stderr).toMatch(/No figure for width = 20: .*dataset\.teacher = "linear"/);
    expect(words.stdout).toMatch(/metric +source/);
    expect(words.code).toBe(0);
  });

  it('runs the main experiment on real MNIST, in small', async () => {
    const folder = newFolder();
    const small = [
      '--set',
      'learners.block-gibbs.sweeps=40',
      '--set',
      'learners.langevin.steps=200',
      '--set',
      'learners.gradient-descent.steps=100',
    ];
    const result = await ggdlnHere(['run', 'experiments/ggdln-mnist-width.yaml', '--out', folder, ...small]);
    expect(result.code, result.stderr).toBe(0);
    const table = decodeCsv(readFileSync(join(folder, 'table.csv'), 'utf8'));
    const bias = table.rows.filter((row) => row.metric === 'bias' && row.source === 'ggdln');
    expect(bias.length).toBeGreaterThan(20);
    // The bias of the wide theory lies between perfect and no prediction at all.
    expect(bias.every((row) => Number(row.value) > 0.3 && Number(row.value) < 1.3)).toBe(true);
  });
});
