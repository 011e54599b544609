// @vitest-environment jsdom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { createOwnFiles } from '../../src/engine/ownFiles.ts';
import { OwnData } from '../../src/ownData/OwnData.tsx';
import type { LabSpec } from '../../src/state/labState.ts';
import { createStore } from '../../src/state/store.ts';

const rows = Array.from({ length: 30 }, (_, i) => `${Math.sin(i)},${i % 2 ? 'owl' : 'cat'}`);
const csv = new TextEncoder().encode(`x,name\n${rows.join('\n')}\n`);
let root: HTMLElement;

afterEach(() => {
  render(null, root);
  root.remove();
});

function show(spec: LabSpec) {
  const store = createStore({ spec, view: {}, item: 'does-width-help' });
  const files = createOwnFiles();
  const onClose = vi.fn();
  root = document.body.appendChild(document.createElement('div'));
  act(() => render(<OwnData store={store} files={files} onClose={onClose} />, root));
  const drop = async (name: string, bytes: Uint8Array) => {
    const file = { name, size: bytes.length, arrayBuffer: async () => bytes.slice().buffer };
    const input = root.querySelector<HTMLInputElement>('#own-data-files');
    if (!input) throw new Error('no input');
    Object.defineProperty(input, 'files', { value: [file], configurable: true });
    await act(async () => {
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
  };
  const press = async (label: string) => {
    const button = [...root.querySelectorAll('button')].find((item) => item.textContent === label);
    await act(async () => {
      button?.click();
      await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
    });
  };
  return { store, files, onClose, drop, press };
}

it('shows the first rows and makes the file the dataset of the experiment', async () => {
  const before = { ggdln: 1, name: 'w', title: 'Does width help?', temperature: 0.5, architecture: { use: 'dln' } };
  const { store, files, drop, press } = show({
    ...before,
    dataset: { use: 'xor' },
    sweep: { 'dataset.trainSize': [1, 2] },
  });
  expect(root.textContent).toContain('Nothing leaves this page.');
  await drop('owls.csv', csv);
  await vi.waitFor(() => expect(root.querySelectorAll('tbody tr').length).toBe(5));
  expect(root.querySelector<HTMLSelectElement>('#own-data-target')?.value).toBe('name');
  await press('Use this data');
  const [kept] = await files.list();
  expect(kept.name).toBe('owls.csv');
  const { spec, item } = store.state.value;
  expect(item).toBeUndefined();
  expect(spec).toMatchObject({ title: 'owls.csv', temperature: 0.5, architecture: { use: 'dln' }, sweep: {} });
  expect(spec.dataset).toMatchObject({
    use: 'table',
    file: 'owls.csv',
    sha256: kept.sha256,
    target: 'name',
    trainSize: 20,
    testSize: 10,
  });
  store.undo();
  expect(store.state.value.item).toBe('does-width-help');
});

it('makes an experiment of parts where a study was open', async () => {
  const { store, drop, press } = show({ ggdln: 1, name: 'race', study: { use: 'routing-race' } });
  await drop('owls.csv', csv);
  await vi.waitFor(() => expect(root.querySelector('table')).not.toBeNull());
  await press('Use this data');
  expect(store.spec.value.study).toBeUndefined();
  expect(store.spec.value).toMatchObject({ ggdln: 1, architecture: { use: 'ggdln' }, dataset: { use: 'table' } });
});

it('says what is wrong with a file, and stays open', async () => {
  const { onClose, drop } = show({ ggdln: 1, name: 'w' });
  await drop('owls.csv', new TextEncoder().encode('1,2\n3,4\n'));
  await vi.waitFor(() =>
    expect(root.querySelector('[role=alert]')?.textContent).toContain('begins with numbers (1, 2)'),
  );
  expect(onClose).not.toHaveBeenCalled();
});
