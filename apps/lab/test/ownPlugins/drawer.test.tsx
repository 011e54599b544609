// @vitest-environment jsdom
import type { Plugin } from '@ggdln/core';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import { OwnPluginDrawer } from '../../src/ownPlugins/OwnPluginDrawer.tsx';
import { createOwnPlugins } from '../../src/ownPlugins/ownPlugins.ts';
import { type PluginFile, refusedFile } from '../../src/ownPlugins/pluginFile.ts';

const rings: Plugin = {
  name: 'rings',
  contract: '1.0.0',
  gating: { rings: { title: 'Rings', summary: '', options: {}, create: () => ({}) as never } },
};
let root: HTMLElement;
afterEach(() => {
  render(null, root);
  root.remove();
});

function show(load: (file: PluginFile) => Promise<Plugin>) {
  const plugins = createOwnPlugins({ plugins: [], panels: {}, load });
  const onChange = vi.fn();
  root = document.body.appendChild(document.createElement('div'));
  act(() => render(<OwnPluginDrawer plugins={plugins} missing={[]} onChange={onChange} onClose={() => {}} />, root));
  const choose = async (name: string) => {
    const input = root.querySelector('input');
    Object.defineProperty(input, 'files', { value: [{ name, text: async () => '' }], configurable: true });
    await act(async () => {
      input?.dispatchEvent(new Event('change', { bubbles: true }));
    });
  };
  const press = (label: string) =>
    act(async () => {
      [...root.querySelectorAll('button')].find(({ textContent }) => textContent === label)?.click();
      await new Promise((settled) => setTimeout(settled));
    });
  return { plugins, onChange, choose, press };
}

test('asks before anything is run, and runs nothing when told not to', async () => {
  const load = vi.fn(async () => rings);
  const { choose, press } = show(load);
  await choose('rings.js');
  expect(root.textContent).toMatch(/Run the code of rings\.js in this page\?/);
  await press("Don't");
  expect(root.textContent).not.toMatch(/Run the code/);
  expect(load).not.toHaveBeenCalled();
});

test('says what was loaded, and takes it out again', async () => {
  const { plugins, onChange, choose, press } = show(async () => rings);
  await choose('rings.js');
  await press('Run and load it');
  expect(root.textContent).toMatch(/rings is loaded\..*gating rings/s);
  expect(onChange).toHaveBeenLastCalledWith(rings);
  expect(document.activeElement?.id).toBe('own-plugins-heading');
  await press('Remove');
  expect(plugins.loaded.value).toEqual([]);
  expect(onChange).toHaveBeenCalledTimes(2);
});

test('what is wrong with a file is said in words', async () => {
  const { choose, press } = show(async (file) => {
    throw refusedFile(file, 'is no ES module', 'Build it');
  });
  await choose('old.js');
  await press('Run and load it');
  expect(root.querySelector('[role=alert]')?.textContent).toBe('old.js is no ES module. Build it.');
});
