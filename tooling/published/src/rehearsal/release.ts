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

/** Installs, builds and publishes everything in a clone, with the commands of the release workflow. */
export async function publishAll(root: string, clone: string, registry: LocalRegistry): Promise<Released[]> {
  const pnpm = ['--yes', manifestOf(root).packageManager as string];
  const env = { CI: 'true' };
  await shell('npx', [...pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: clone, env });
  await shell('npx', [...pnpm, 'run', 'build'], { cwd: clone, env });
  writeFileSync(join(clone, '.npmrc'), registry.npmrc);
  const identity = { GIT_COMMITTER_NAME: 'rehearsal', GIT_COMMITTER_EMAIL: 'rehearsal@localhost' };
  const toLoopback = { ...env, ...identity, npm_config_registry: registry.url };
  await shell('npx', [...pnpm, 'changeset', 'publish'], { cwd: clone, env: toLoopback });
  return released(clone);
}

/** The public packages of a clone as they are now. */
export function released(clone: string): Released[] {
  return publicPackages(clone).map((folder) => {
    const { name, version } = manifestOf(folder) as { name: string; version: string };
    return { name, version, changelog: readFileSync(join(folder, 'CHANGELOG.md'), 'utf8') };
  });
}

function changesets(root: string): string {
  return join(root, 'node_modules/@changesets/cli/bin.js');
}

function manifestOf(folder: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
}
