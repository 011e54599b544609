import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { architecturesPlugin } from '@ggdln/architectures';
import { CONTRACT_VERSION, type Plugin } from '@ggdln/core';
import { checkPlugin, failedChecks } from '@ggdln/plugin-testkit/checks';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { TEMPLATE_KINDS, type TemplateKind } from '../src/index.ts';

const pluginOf = async (kind: TemplateKind): Promise<Plugin> =>
  ((await import(`../templates/${kind}.ts`)) as { plugin: Plugin }).plugin;

describe.each(TEMPLATE_KINDS)('the template of a %s', (kind) => {
  it('keeps its contract', async () => {
    const suites = checkPlugin(await pluginOf(kind), {
      architectures: architecturesPlugin.architecture ?? {},
      folder: mkdtempSync(join(tmpdir(), 'ggdln-template-')),
      document: () => new JSDOM().window.document,
    });
    expect(suites.map((suite) => suite.kind)).toEqual(['plugin', kind]);
    expect(suites[1].checks.length).toBeGreaterThan(4);
    const failures = [];
    for (const { checks } of suites) failures.push(...(await failedChecks(checks)));
    expect(failures).toEqual([]);
  });

  it('has one entry, for this contract, with the words that a new plugin puts in its place', async () => {
    const { contract, name, ...kinds } = await pluginOf(kind);
    expect(contract).toBe(CONTRACT_VERSION);
    expect(name).toBe('ggdln-plugin-template');
    expect(Object.keys(kinds)).toEqual([kind]);
    expect(kinds[kind]?.['template-entry'].title).toBe('Template title');
  });
});
