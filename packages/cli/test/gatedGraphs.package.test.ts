import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ggdlnHere, newFolder, root } from './runCommand.ts';

type Case = { name: string; params: Record<string, unknown>; inputs: Record<string, Record<string, unknown>> };

const [graph]: Case[] = JSON.parse(readFileSync(join(root, 'fixtures/gdln.json'), 'utf8')).cases;
const folder = newFolder();

/** A graph of a file, with something wrong. */
function broken(name: string, change: (parts: Case) => void): string {
  const copy = structuredClone(graph);
  change(copy);
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify({ cases: [{ ...copy, name }] }));
  return path;
}

const push = (list: unknown, item: object) => (list as object[]).push(item);

it.each<[string, (parts: Case) => void, RegExp]>([
  [
    'cycle',
    ({ inputs }) => push(inputs.edges, { id: 'back', source: 'c', target: 'a' }),
    /there is a cycle: .*a.*c.*Edges must not lead back/,
  ],
  [
    'unreachable',
    ({ inputs }) => push(inputs.nodes, { id: 'q', dim: 1, role: 'output' }),
    /no input reaches the output q\. Add a path/,
  ],
  [
    'widths',
    ({ inputs }) => {
      inputs.weights.e0 = [[1, 2]];
    },
    /weights of edge e0 \(x1 to a\) is 1 × 2\. It should be 4 × 3/,
  ],
  [
    'gates',
    ({ inputs }) => {
      inputs.nodeGates.a = [1, 0];
    },
    /nodeGates\.a has 2 gates\. Give 14, one for each sample/,
  ],
  [
    'no-number',
    ({ inputs }) => {
      inputs.edgeGates.e0 = ['NaN', ...new Array(13).fill(1)];
    },
    /edgeGates\.e0 is "?NaN"? on sample 0\. Gates are finite numbers/,
  ],
  [
    'rate',
    ({ params }) => {
      params.lr = 5;
    },
    /rates above 2\/λ_max = [\d.]+ run away\. Lower the rate, e\.g\. to/,
  ],
])('refuses a graph in words: %s', async (name, change, message) => {
  const { code, stdout, stderr } = await ggdlnHere(['verify', broken(name, change)]);
  expect(stdout + stderr).toMatch(message);
  expect(stdout + stderr).not.toMatch(/\n\s+at |is NaN,/);
  expect(code).toBe(1);
});
