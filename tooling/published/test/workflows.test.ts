import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const folder = join(root, '.github/workflows');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string };

interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

describe.each(readdirSync(folder))('the workflow %s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const { permissions, jobs } = parse(text) as Workflow;
  const all = Object.values(jobs);

  it('pins what others wrote by hash, with the version beside it', () => {
    const lines = text.split('\n').filter((line) => /\buses:/.test(line));
    expect(lines.length).toBe(all.flatMap(({ steps }) => steps.filter(({ uses }) => uses)).length);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('has no secret, and no right that a job does not name', () => {
    expect(text).not.toMatch(/secrets\./);
    expect(Object.values(permissions).filter((right) => right !== 'read')).toEqual([]);
    for (const [name, job] of Object.entries(jobs)) {
      // Whoever may speak for the project to the registry works in an environment that people can guard.
      const publishes = job.permissions?.['id-token'] === 'write';
      expect(publishes, name).toBe(job.environment === 'npm');
      expect([undefined, ...Object.keys(jobs)], name).toContain(job.needs);
    }
  });

  it('uses the pnpm of the repository', () => {
    const used = text.match(/pnpm@[\w.]+/g) ?? [];
    expect(used.filter((pnpm) => pnpm !== packageManager)).toEqual([]);
  });
});

it('the release publishes only what was verified', () => {
  const { jobs } = parse(readFileSync(join(folder, 'release.yml'), 'utf8')) as Workflow;
  expect(jobs.publish.needs).toBe('verify');
  expect(jobs.verify.steps.some(({ run }) => run === 'bash .ci/run')).toBe(true);
  expect(jobs['verify-published'].needs).toBe('publish');
});
