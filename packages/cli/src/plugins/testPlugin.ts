import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRegistry, GgdlnError, inputError, type Json, type JsonObject, type Plugin } from '@ggdln/core';
import {
  type Check,
  checkPlugin,
  type PanelDocument,
  type PluginSetup,
  type PluginSuite,
} from '@ggdln/plugin-testkit/checks';
import type { Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, type Flag, isOn } from '../flags.ts';
import { loadPlugins } from '../loadPlugins.ts';

const where = 'ggdln plugins test';

/** Flags of `ggdln plugins test`. */
export const TEST_FLAGS: readonly Flag[] = [
  {
    name: 'set',
    value: 'KIND.NAME.OPTION=VALUE',
    repeatable: true,
    help: 'test: an option of an entry, e.g. learner.my-sampler.sweeps=50',
  },
];

/** What became of a check. */
interface CheckedProperty {
  readonly kind: PluginSuite['kind'];
  readonly name: string;
  readonly check: string;
  readonly status: 'passed' | 'failed';
  /** What is wrong, and what would be right. */
  readonly reason?: string;
}

/** `ggdln plugins test FILE|FOLDER|PACKAGE`: every entry of a plugin against its contract; exit code 1 where one fails. */
export async function testPlugin(args: Arguments, session: Session): Promise<number> {
  const [, specifier, ...rest] = args.positionals;
  if (specifier === undefined || rest.length > 0) {
    const given = specifier === undefined ? 'no plugin is named' : `${rest.length + 1} plugins are named`;
    throw inputError(where, given, 'Give a module, a folder or an installed package, e.g. ggdln plugins test .');
  }
  const [plugin] = await loadPlugins([specifier], session.cwd);
  const folder = mkdtempSync(join(tmpdir(), 'ggdln-plugins-test-'));
  try {
    return await runSuites(plugin, await suitesOf(plugin, { specifier, folder }, args, session), args, session);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runSuites(
  plugin: Plugin,
  suites: readonly PluginSuite[],
  args: Arguments,
  session: Session,
): Promise<number> {
  const results: CheckedProperty[] = [];
  for (const suite of suites) {
    for (const check of suite.checks) {
      if (session.signal.aborted) throw cancelled(session.signal);
      const result = await runCheck(suite, check);
      results.push(result);
      if (!session.json) session.terminal.out(lineOf(result, isOn(args, 'quiet')));
    }
  }
  const failed = results.filter(({ status }) => status === 'failed').length;
  const { name, contract } = plugin;
  if (session.json) session.terminal.out(`${JSON.stringify({ plugin: name, contract, checks: results })}\n`);
  else session.terminal.out(`${name}: ${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? EXIT_CODES.ok : EXIT_CODES.failed;
}

async function suitesOf(
  plugin: Plugin,
  { specifier, folder }: { readonly specifier: string; readonly folder: string },
  args: Arguments,
  session: Session,
): Promise<readonly PluginSuite[]> {
  const { registry, cwd, files } = session;
  const { backend } = await session.linalg();
  const networks = registry.list('architecture').map(({ name, entry }) => [name, entry] as const);
  const setup: PluginSetup = {
    options: optionsOf(args, plugin),
    architectures: Object.fromEntries(networks),
    files,
    linalg: backend,
    folder,
    document: () => jsdomOf(resolve(cwd, specifier), cwd),
  };
  const [whole, ...entries] = checkPlugin(plugin, setup);
  const beside: Check = {
    name: 'registers beside the built-in plugins',
    run: () => {
      createRegistry([...registry.plugins.filter((other) => other !== plugin), plugin]);
    },
  };
  return [{ ...whole, checks: [...whole.checks, beside] }, ...entries];
}

async function runCheck({ kind, name }: PluginSuite, { name: check, run }: Check): Promise<CheckedProperty> {
  try {
    await run();
    return { kind, name, check, status: 'passed' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind, name, check, status: 'failed', reason };
  }
}

function lineOf({ kind, name, check, status, reason }: CheckedProperty, quiet: boolean): string {
  if (status === 'failed') return `✗ ${kind} ${name}: ${check}\n    ${reason}\n`;
  return quiet ? '' : `✓ ${kind} ${name}: ${check}\n`;
}

/** `--set gating.my-rings.gates=3` as raw options by entry. @throws GGDLN_INPUT for another shape or no such entry. */
function optionsOf(args: Arguments, plugin: Plugin): Readonly<Record<string, JsonObject>> {
  const options: Record<string, Record<string, Json>> = {};
  for (const pair of args.flags.get('set') ?? []) {
    const [, kind, name, option, value] = /^([^.=]+)\.([^=]+)\.([^.=]+)=(.*)$/.exec(pair) ?? [];
    if (kind === undefined) {
      throw inputError(where, `--set ${pair} is not understood`, 'Write --set KIND.NAME.OPTION=VALUE');
    }
    const entries = Object.keys((plugin as unknown as Record<string, object | undefined>)[kind] ?? {});
    if (!entries.includes(name)) {
      const there = entries.length > 0 ? `It has ${entries.join(', ')}` : `It has no ${kind}`;
      throw inputError(where, `the plugin ${plugin.name} has no ${kind} "${name}"`, there);
    }
    options[`${kind}.${name}`] = { ...options[`${kind}.${name}`], [option]: value };
  }
  return options;
}

/** A document for panels: jsdom as the plugin has installed it. */
async function jsdomOf(place: string, cwd: string): Promise<PanelDocument> {
  for (const from of [place, cwd]) {
    try {
      const file = createRequire(join(from, 'package.json')).resolve('jsdom');
      const { JSDOM } = (await import(pathToFileURL(file).href)) as {
        JSDOM: new () => { readonly window: { readonly document: PanelDocument } };
      };
      return new JSDOM().window.document;
    } catch {
      // not there
    }
  }
  throw new Error('panels are drawn in a document; install one beside the plugin: npm install --save-dev jsdom');
}

function cancelled({ reason }: AbortSignal): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_CANCELLED', where, problem: 'cancelled by the caller', cause: reason });
}
