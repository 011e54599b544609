import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicPackages } from '../installScripts.ts';
import type { LocalRegistry } from './registry.ts';
import { shell } from './shell.ts';

/** A package of the rehearsed release. */
export interface Released {
  readonly name: string;
  readonly version: string;
  readonly changelog: string;
}

/** A clone of the last commit, in which a release can be made without a trace in the checkout. */
export async function cloneCheckout(root: string, folder: string): Promise<void> {
  await shell('git', ['clone', '--quiet', '--shared', root, folder], { cwd: root });
}

/** Turns the changesets of a clone into versions and changelogs. @returns Names of changesets that are left. */
export async function makeVersions(root: string, clone: string): Promise<string[]> {
  // No commit is made, but git wants to know whom it would name.
  const env = { GIT_AUTHOR_NAME: 'rehearsal', GIT_AUTHOR_EMAIL: 'rehearsal@localhost' };
  await shell(process.execPath, [changesets(root), 'version'], { cwd: clone, env });
  return readdirSync(join(clone, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');
}

/** Installs and builds everything in a clone. */
export async function buildClone(root: string, clone: string): Promise<void> {
  const options = { cwd: clone, env: { CI: 'true' } };
  await shell('npx', [...pnpm(root), 'install', '--frozen-lockfile', '--prefer-offline'], options);
  await shell('npx', [...pnpm(root), 'run', 'build'], options);
}

/** Publishes what a clone has built, with the command of the release workflow. */
export async function publish(root: string, clone: string, registry: LocalRegistry): Promise<Released[]> {
  // npx would look for pnpm in the registry of the rehearsal, which has no packages but ours.
  const path = await shell('npx', [...pnpm(root), 'exec', 'node', '-p', 'process.env.PATH'], { cwd: root });
  writeFileSync(join(clone, '.npmrc'), registry.npmrc);
  const env = {
    CI: 'true',
    PATH: path.trim(),
    npm_config_registry: registry.url,
    GIT_COMMITTER_NAME: 'rehearsal',
    GIT_COMMITTER_EMAIL: 'rehearsal@localhost',
  };
  await shell(process.execPath, [changesets(root), 'publish'], { cwd: clone, env });
  return released(clone);
}

/** The public packages of a clone as they are now. */
export function released(clone: string): Released[] {
  return publicPackages(clone).map((folder) => {
    const { name, version } = manifestOf(folder) as { name: string; version: string };
    return { name, version, changelog: readFileSync(join(folder, 'CHANGELOG.md'), 'utf8') };
  });
}

function pnpm(root: string): string[] {
  return ['--yes', manifestOf(root).packageManager as string];
}

function changesets(root: string): string {
  return join(root, 'node_modules/@changesets/cli/bin.js');
}

function manifestOf(folder: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
}
