import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

// The ten lines of the README.
const PROGRAM = `import { matrix } from '@ggdln/linalg';
import { solveGgdln } from '@ggdln/theory';

const X = matrix(4, 3, Float64Array.of(1, 0, 2, 0, 1, 1, 2, 1, 0, 1, 1, 1));
const y = Float64Array.of(1, -1, 1, -1);
const gates = [matrix(4, 2, Float64Array.of(1, 0, 1, 1, 1, 0, 1, 1))];
const solution = await solveGgdln({ X, y, gates, widths: [20], sigma: 1, temperature: 0.01, test: { X, gates } });
const order: number = solution.U[0].data[0];
console.log(JSON.stringify({ order, residual: solution.residual, mean: Array.from(solution.predictor!.mean.data) }));
`;

let consumer = '';

beforeAll(() => {
  consumer = mkdtempSync(join(tmpdir(), 'ggdln-consumer-'));
  for (const name of ['core', 'linalg', 'theory']) {
    run(
      'npx',
      ['--yes', manifest(root).packageManager, 'pack', '--pack-destination', consumer],
      join(root, 'packages', name),
    );
  }
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const tarballs = readdirSync(consumer).filter((file) => file.endsWith('.tgz'));
  run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs.map((file) => `./${file}`)],
    consumer,
  );
  writeFileSync(join(consumer, 'program.ts'), PROGRAM);
});

describe('a project that installs @ggdln/theory and @ggdln/linalg from tarballs', () => {
  it.each([
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ])('type-checks under module %s, resolution %s', (module, moduleResolution) => {
    const flags = [
      '--module',
      module,
      '--moduleResolution',
      moduleResolution,
      '--target',
      'ES2022',
      '--strict',
      '--noEmit',
      '--lib',
      'ES2023,DOM',
    ];
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...flags, 'program.ts'], consumer);
  });

  it('solves a GGDLN in ten lines', () => {
    const flags = ['--module', 'NodeNext', '--target', 'ES2022', '--lib', 'ES2023,DOM'];
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...flags, 'program.ts'], consumer);
    const result = JSON.parse(run(process.execPath, ['program.js'], consumer)) as {
      order: number;
      residual: number;
      mean: number[];
    };
    expect(result.order).toBeGreaterThan(0);
    expect(result.residual).toBeLessThan(1e-8);
    expect(result.mean).toHaveLength(4);
  });

  it('has no TensorFlow.js in its tree', () => {
    expect(existsSync(join(consumer, 'node_modules/@tensorflow'))).toBe(false);
    expect(readFileSync(join(consumer, 'package-lock.json'), 'utf8')).not.toContain('tensorflow');
  });
});

function manifest(folder: string): { packageManager: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { packageManager: string };
}
