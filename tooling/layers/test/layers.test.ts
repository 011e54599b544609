import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const config = fileURLToPath(new URL('../../layers.config.mjs', import.meta.url));

/** Each importing file of a made-up repository, its code, and the rules that it breaks. */
const cases: [file: string, code: string, broken: string[]][] = [
  ['packages/core/src/index.ts', 'export type One = 1;', []],
  [
    'packages/core/src/greedy.ts',
    "import '@tensorflow/tfjs-core';",
    ['core-imports-nothing', 'tensorflow-only-where-tensors-are'],
  ],
  ['packages/core/src/upwards.ts', "import '@ggdln/theory';", ['core-imports-nothing', 'core-imports-only-from-below']],
  ['packages/core/src/clock.ts', "import 'node:fs';", ['core-imports-nothing', 'portable-code-imports-no-node']],
  ['packages/core/test/core.test.ts', "import 'node:fs';\nimport '@ggdln/plugin-testkit';", []],
  ['packages/core/src/hen.ts', "import './egg.ts';", []], // a cycle is reported once
  ['packages/core/src/egg.ts', "import './hen.ts';", ['no-circular-imports']],
  ['packages/linalg/src/index.ts', "import '@ggdln/core';", []],
  ['packages/linalg/src/sideways.ts', "import '@ggdln/tensor';", ['linalg-imports-only-from-below']],
  [
    'packages/linalg/src/typed.ts',
    "import type { One } from '@ggdln/theory';\nexport type Two = One;",
    ['linalg-imports-only-from-below'],
  ],
  ['packages/linalg/src/tests.ts', "import '@ggdln/plugin-testkit';", ['linalg-imports-only-from-below']],
  ['packages/linalg/test/linalg.test.ts', "import '@ggdln/plugin-testkit';", []],
  ['packages/linalg/test/upwards.test.ts', "import '@ggdln/theory';", ['tests-of-linalg-import-only-from-below']],
  ['packages/tensor/src/index.ts', "import '@tensorflow/tfjs-core';", []],
  ['packages/datasets/src/index.ts', "import '@ggdln/linalg';", []],
  ['packages/datasets/src/node/index.ts', "import 'node:fs';\nimport '../index.ts';", []],
  ['packages/datasets/src/hidden.ts', "import './node/index.ts';", ['portable-code-imports-no-node-part']],
  ['packages/gating/src/index.ts', "import { one } from '@ggdln/linalg/missing';", ['every-import-is-found']],
  ['packages/gating/src/byPath.ts', "import '../../core/src/index.ts';", ['other-packages-by-name']],
  ['packages/architectures/src/index.ts', "import '@ggdln/tensor';\nimport '@tensorflow/tfjs-core';", []],
  ['packages/learning/src/index.ts', "import '@ggdln/architectures';", []],
  ['packages/theory/src/index.ts', "import '@ggdln/linalg';", []],
  [
    'packages/theory/src/learns.ts',
    "import '@ggdln/learning';",
    ['theory-imports-only-from-below', 'theory-reaches-no-tensors'],
  ],
  ['packages/theory/src/indirect.ts', "import '@ggdln/architectures';", ['theory-reaches-no-tensors']],
  [
    'packages/theory/src/direct.ts',
    "import '@tensorflow/tfjs-core';",
    ['tensorflow-only-where-tensors-are', 'theory-reaches-no-tensors'],
  ],
  ['packages/experiments/src/index.ts', "import '@ggdln/linalg';", []],
  ['packages/experiments/src/plugged.ts', "import '@ggdln/theory';", ['experiments-imports-no-plugin-package']],
  ['packages/experiments/test/experiments.test.ts', "import '@ggdln/theory';", []],
  ['packages/standard/src/index.ts', "import '@ggdln/theory';\nimport '@ggdln/learning';", []],
  ['packages/plot/src/index.ts', "import '@ggdln/core';", []],
  ['packages/cli/src/index.ts', "import 'node:fs';\nimport '@ggdln/datasets/node';\nimport '@ggdln/standard';", []],
  ['packages/cli/src/plugins.ts', "import '@ggdln/plugin-testkit';\nimport '@ggdln/create-plugin';", []],
  ['packages/create-plugin/src/index.ts', "import 'node:fs';\nimport '@ggdln/core';", []],
  [
    'packages/create-plugin/src/heavy.ts',
    "import '@ggdln/linalg';\nimport '@ggdln/plugin-testkit';",
    ['what-makes-plugins-imports-only-core'],
  ],
  ['packages/create-plugin/templates/gating.ts', "import '@ggdln/linalg';", []],
  ['packages/standard/src/made.ts', "import '@ggdln/create-plugin';", ['standard-imports-only-from-below']],
  ['packages/plugin-testkit/src/index.ts', "import '@ggdln/linalg';", []],
  ['packages/plugin-testkit/src/partial.ts', "import '@ggdln/gating';", ['testkit-imports-only-from-below']],
  ['examples/plugin-gating/index.js', "import '@ggdln/core';", []],
  ['examples/plugin-gating/byPath.js', "import '../../packages/core/src/index.ts';", ['other-packages-by-name']],
];

const root = mkdtempSync(join(tmpdir(), 'ggdln-layers-'));
let found: Map<string, string[]>;

beforeAll(async () => {
  for (const [file, code] of cases) write(file, code);
  const names = new Set(cases.flatMap(([file]) => (file.startsWith('packages/') ? [file.split('/')[1]] : [])));
  for (const name of names) linkPackage(name);
  write('node_modules/@tensorflow/tfjs-core/package.json', JSON.stringify({ main: './index.js' }));
  write('node_modules/@tensorflow/tfjs-core/index.js', '');
  const options = { ...(await extractDepcruiseOptions(config)), baseDir: root };
  const { output } = await cruise(['packages', 'examples'], { ...options, validate: true });
  found = brokenRules(output as ICruiseResult);
});

afterAll(() => rmSync(root, { recursive: true }));

describe('the layers', () => {
  it.each(cases)('judge %s', (file, _, broken) => {
    expect(found.get(file) ?? []).toEqual(broken);
  });

  it('break nowhere else', () => {
    expect([...found.keys()].filter((file) => !cases.some(([name]) => name === file))).toEqual([]);
  });
});

/** The rules that each file breaks, sorted. */
function brokenRules({ summary }: ICruiseResult): Map<string, string[]> {
  const rules = new Map<string, string[]>();
  for (const { from, rule } of summary.violations) {
    rules.set(from, [...new Set([...(rules.get(from) ?? []), rule.name])].sort());
  }
  return rules;
}

function linkPackage(name: string): void {
  const source = (path: string) => ({ '@ggdln/source': path, default: './dist/never-built.js' });
  const exports = { '.': source('./src/index.ts'), './node': source('./src/node/index.ts') };
  write(`packages/${name}/package.json`, JSON.stringify({ name: `@ggdln/${name}`, type: 'module', exports }));
  mkdirSync(join(root, 'node_modules/@ggdln'), { recursive: true });
  symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@ggdln', name));
}

function write(file: string, text: string): void {
  mkdirSync(join(root, dirname(file)), { recursive: true });
  writeFileSync(join(root, file), text);
}
