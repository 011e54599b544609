import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cloneCheckout, makeVersions, released } from '../src/rehearsal/release.ts';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const isClone = existsSync(join(root, '.git'));
if (!isClone) process.stderr.write('  SKIPPED the test of changesets: this is no git checkout\n');

it.runIf(isClone)('changesets turn into versions and changelogs, none left over', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'ggdln-changesets-'));
  try {
    const clone = join(scratch, 'clone');
    await cloneCheckout(root, clone);
    expect(await makeVersions(root, clone)).toEqual([]);
    for (const { name, version, changelog } of released(clone)) {
      expect(changelog, name).toMatch(new RegExp(`^# ${name}\\n\\n## ${version.replaceAll('.', '\\.')}\\n`));
      // A human sentence, not only names of changed dependencies.
      expect(changelog, name).toMatch(/^- (?!Updated dependencies).{20,}/m);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
