import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Budget, excess, readBudget, writeBudget } from '../src/budget.ts';
import { type Measured, measure } from '../src/measure.ts';
import { typicalImports } from '../src/typicalImports.ts';

const packages = join(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), 'packages');
const updating = process.env.GGDLN_UPDATE_SIZES === '1';
const nameOf = (from: string) => from.split('/').slice(0, 2).join('/');
const measured = new Map<string, Measured>();

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'ggdln-sizes-'));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  if (updating) writeBudget(newBudget());
});

function newBudget(): Budget {
  const budget: Budget = {};
  for (const { from, name } of typicalImports) {
    const size = measured.get(`${from} ${name}`);
    if (size) budget[from] = { ...budget[from], [name]: size.gzip };
  }
  return budget;
}

describe('a bundle of one import', () => {
  it.each(typicalImports)('$name from $from is within its budget', async (entry) => {
    const { from, name, tensors = false } = entry;
    const size = await measure(entry, scratch, join(packages, nameOf(from).replace('@ggdln/', '')));
    measured.set(`${from} ${name}`, size);
    expect(size.hasTensors, `TensorFlow.js in { ${name} } from ${from}`).toBe(tensors);
    if (!updating) expect(excess(from, name, size.gzip, readBudget())).toBeUndefined();
  });

  it('is measured for every public package', () => {
    const published = readdirSync(packages)
      .map((folder) => join(packages, folder, 'package.json'))
      .filter((file) => existsSync(file))
      .map((file) => JSON.parse(readFileSync(file, 'utf8')) as { name: string; private?: boolean; exports?: unknown })
      .filter((manifest) => !manifest.private && manifest.exports !== undefined);
    const known = new Set(typicalImports.map(({ from }) => nameOf(from)));
    const missing = published.map(({ name }) => name).filter((name) => !known.has(name));
    expect(missing, 'add them to tooling/sizes/src/typicalImports.ts and run `npm run sizes`').toEqual([]);
  });
});

describe('a budget', () => {
  const budget = { '@ggdln/core': { createRandom: 1000 } };
  it('allows five percent and says what to do beyond', () => {
    expect(excess('@ggdln/core', 'createRandom', 1050, budget)).toBeUndefined();
    expect(excess('@ggdln/core', 'createRandom', 1051, budget)).toBe(
      '{ createRandom } from @ggdln/core is 1051 bytes after gzip, 5.1 % over its budget of 1000. If that is meant, run `npm run sizes` and commit tooling/sizes/sizes.json.',
    );
    expect(excess('@ggdln/core', 'other', 1, budget)).toContain('has no budget');
  });
});
