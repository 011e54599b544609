// A stranger's path: from an empty folder to a plugin that is packed and installed elsewhere, following only what the
// guide (docs/write-a-plugin.md) and the commands themselves say.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shell } from '../src/rehearsal/shell.ts';
import { serveTarballs, type TarballRegistry } from '../src/tarballRegistry.ts';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string };

let scratch = '';
let registry: TarballRegistry;
const times: string[] = [];

/** Runs a command as a stranger would, with the packages of this checkout in the place of published ones. */
async function type(command: string, folder: string): Promise<string> {
  const started = performance.now();
  const [program, ...args] = command.split(' ');
  const env = {
    '@ggdln:registry': registry.url,
    audit: 'false',
    fund: 'false',
    yes: 'true',
    cache: join(scratch, 'cache'),
  };
  const settings = Object.entries(env).map(([key, value]) => [`npm_config_${key}`, value]);
  const output = await shell(program, args, { cwd: folder, env: Object.fromEntries(settings) });
  times.push(`${((performance.now() - started) / 1000).toFixed(1)} s  ${command}`);
  return output;
}

function newFolder(name: string): string {
  mkdirSync(join(scratch, name));
  return join(scratch, name);
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'ggdln-stranger-'));
  const tarballs = newFolder('tarballs');
  const pack = ['--yes', packageManager, '-r', '--filter', './packages/*', 'pack', '--pack-destination', tarballs];
  await shell('npx', pack, { cwd: root });
  registry = await serveTarballs(tarballs);
});
afterAll(() => {
  registry?.stop();
  rmSync(scratch, { recursive: true, force: true });
  process.stderr.write(`\n  A stranger's path:\n${times.map((line) => `    ${line}\n`).join('')}\n`);
});

describe('a stranger with an empty folder', () => {
  let desk = '';
  let plugin = '';

  it('makes a gating, installs, builds and tests it', async () => {
    desk = newFolder('desk');
    const said = await type('npm create @ggdln/plugin gating my-rings', desk);
    expect(said).toMatch(/cd my-rings[\s\S]*npm install[\s\S]*npm test[\s\S]*npx ggdln plugins test \./);
    plugin = join(desk, 'my-rings');
    await type('npm install', plugin);
    const tested = await type('npm test', plugin);
    expect(tested).toMatch(/# pass 16\b[\s\S]*# fail 0\b/);
    expect(readdirSync(join(plugin, 'dist')).sort()).toEqual(['index.d.ts', 'index.js']);
  });

  it('changes it, and is told what is wrong', async () => {
    const file = join(plugin, 'src/index.ts');
    const source = readFileSync(file, 'utf8');
    writeFileSync(file, source.replace('(x * x) / cols', '(x * x) / data.length'));
    await type('npm run build', plugin);
    const broken = await type('npx ggdln plugins test . --quiet', plugin).catch((error: Error) => error.message);
    expect(broken).toMatch(/✗ gating my-rings: gives an input the same gates alone as in a batch\n.*expected/);
    writeFileSync(file, source);
    await type('npm run build', plugin);
    expect(await type('npx ggdln plugins test .', plugin)).toMatch(/my-rings: 17 passed, 0 failed/);
  });

  it('uses it in an experiment and from flags', async () => {
    await type('npx ggdln run experiment.yaml --set learners.block-gibbs.sweeps=100 --out results', plugin);
    expect(readFileSync(join(plugin, 'results/spec.resolved.yaml'), 'utf8')).toContain('use: my-rings');
    expect(readFileSync(join(plugin, 'results/table.csv'), 'utf8')).toMatch(/block-gibbs/);
    const help = await type('npx ggdln run --plugin . --gating my-rings --help', plugin);
    expect(help).toMatch(/--gating\.gates N +Rings M: Number of rings/);
  });

  it('packs it, and a friend installs and lists it', async () => {
    await type('npm pack --silent', plugin);
    const friend = newFolder('friend');
    await type(`npm install ${join(plugin, 'my-rings-0.1.0.tgz')} @ggdln/cli`, friend);
    const packed = readdirSync(join(friend, 'node_modules/my-rings'), { recursive: true }).map(String);
    expect(packed.sort()).toEqual(['README.md', 'dist', 'dist/index.d.ts', 'dist/index.js', 'package.json']);
    expect(await type('npx ggdln plugins list --plugin my-rings', friend)).toMatch(
      /my-rings +0\.1\.0 +1\.\d+\.0 +1 gating/,
    );
    expect(existsSync(join(friend, 'node_modules/@ggdln/core/package.json'))).toBe(true);
  });
});

describe('plugins of other people', () => {
  const examples = join(root, 'examples');

  it.each(readdirSync(examples).filter((name) => name.startsWith('plugin-')))(
    '%s is packed, installed and keeps its contract',
    async (name) => {
      const folder = newFolder(name);
      const { name: packageName, version } = JSON.parse(readFileSync(join(examples, name, 'package.json'), 'utf8'));
      await shell('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(examples, name) });
      await type(`npm install ./${packageName}-${version}.tgz @ggdln/cli`, folder);
      expect(await type(`npx ggdln plugins test ${packageName}`, folder)).toMatch(/ passed, 0 failed/);
      expect(await type(`npx ggdln plugins list --plugin ${packageName}`, folder)).toContain(`${packageName} `);
    },
  );
});
