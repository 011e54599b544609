import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const isClone = existsSync(join(root, '.git'));
if (!isClone) process.stderr.write('  SKIPPED the search for registries: this is no git checkout\n');

/** Which registry packages come from is the user's choice; nothing here may make it for them. */
const REGISTRY = /https?:\/\/[^\s"'`<>()/]*(?:registry|npmjs|yarnpkg)[^\s"'`<>()]*|"resolved":\s*"http/gi;

it.runIf(isClone)('no file names a package registry', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }).split(
    '\0',
  );
  const texts = files.filter((file) => /\.(?:[cm]?[jt]s|json|ya?ml|md|html|npmrc|toml)$|\/[^.]+$/.test(file));
  expect(texts).toContain('pnpm-lock.yaml');
  expect(texts).toContain('tooling/published/registry/package-lock.json');
  const found = texts
    .filter((file) => existsSync(join(root, file)))
    .flatMap((file) =>
      (readFileSync(join(root, file), 'utf8').match(REGISTRY) ?? []).map((name) => `${file}: ${name}`),
    );
  expect(found).toEqual([]);
  const example = ['https:', '', 'registry.example.org', 'x'].join('/');
  expect(example.match(REGISTRY)).toEqual([example]);
});
