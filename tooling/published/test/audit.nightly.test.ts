import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string };

/** Advisories that don't concern us, by id, each with the reason. */
const EXPLAINED: Readonly<Record<string, string>> = {};

interface Advisory {
  readonly github_advisory_id: string;
  readonly module_name: string;
  readonly title: string;
}

it('nothing that users install has an advisory that is not explained', () => {
  const args = ['--yes', packageManager, 'audit', '--prod', '--json'];
  const { stdout, stderr } = spawnSync('npx', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const { advisories, error } = JSON.parse(stdout || '{}') as {
    advisories?: Readonly<Record<string, Advisory>>;
    error?: { readonly code: string };
  };
  if (advisories === undefined) {
    const reason = error?.code ?? stderr.trim().split('\n').at(-1) ?? 'no answer';
    process.stderr.write(`  NOT AUDITED: the registry in use answers no audit (${reason})\n`);
    return;
  }
  const open = Object.values(advisories).filter(({ github_advisory_id }) => !(github_advisory_id in EXPLAINED));
  expect(open.map(({ module_name, title }) => `${module_name}: ${title}`)).toEqual([]);
});
