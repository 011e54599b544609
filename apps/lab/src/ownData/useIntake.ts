import { isGgdlnError, type Json } from '@ggdln/core';
import { useState } from 'preact/hooks';
import { withoutAxes } from '../compose/sweepAxes.ts';
import type { OwnFiles } from '../engine/ownFiles.ts';
import type { LabSpec } from '../state/labState.ts';
import type { Store } from '../state/store.ts';
import { type Dropped, lookAtTable, packImages } from './dropped.ts';
import { readGreyImages } from './greyImages.ts';
import type { Pictured } from './Preview.tsx';

/** What was dropped, with pictures where it was pictures. */
type Taken = Dropped & { readonly pictured?: Pictured };

/** What the drawer holds, and what can be done with it. */
export interface Intake {
  readonly taken: Taken | undefined;
  /** What went wrong with the last file; empty when nothing did. */
  readonly problem: string;
  /** What is being done; empty when nothing is. */
  readonly busy: string;
  /** Takes dropped files: the first table, or all of them as pictures. */
  take(files: readonly File[]): Promise<void>;
  /** Reads the pictures again at another size. */
  resize(side: number): Promise<void>;
  /** Opens a file that is kept. */
  reopen(name: string): Promise<void>;
  /** Keeps the file and makes it the dataset of the experiment. */
  use(options: { readonly [option: string]: Json }): Promise<void>;
}

/** Takes files in; what goes wrong is said, not thrown. */
export function useIntake(store: Store, files: OwnFiles, onDone: () => void): Intake {
  const [taken, setTaken] = useState<Taken | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState('');
  const [pictures, setPictures] = useState<readonly File[]>([]);

  const attempt = async (doing: string, work: () => Promise<void>) => {
    setBusy(doing);
    setProblem('');
    try {
      await work();
    } catch (error) {
      if (!isGgdlnError(error)) throw error;
      setProblem([error.problem, error.remedy].filter(Boolean).join('. '));
    } finally {
      setBusy('');
    }
  };
  const takePictures = (chosen: readonly File[], side: number) =>
    attempt(`Reading ${chosen.length} pictures`, async () => {
      const images = await readGreyImages(chosen, side);
      setPictures(chosen);
      setTaken({ ...packImages(images, side), pictured: { images, side } });
    });
  const take = (chosen: readonly File[]) => {
    const tables = chosen.filter(({ name }) => /\.(csv|npy|npz)$/i.test(name));
    if (tables.length === 0 && chosen.length > 0) return takePictures(chosen, 14);
    return attempt(`Reading ${tables[0]?.name ?? 'files'}`, async () => {
      const [file] = tables;
      if (!file) return;
      setPictures([]);
      setTaken(lookAtTable(file.name, new Uint8Array(await file.arrayBuffer())));
    });
  };
  const use = (options: { readonly [option: string]: Json }) =>
    attempt('Keeping the file', async () => {
      if (!taken) return;
      const { name, sha256 } = await files.put(taken.name, taken.bytes);
      store.open({ spec: specWith(store.spec.peek(), { use: 'table', file: name, sha256, ...options }), view: {} });
      onDone();
    });
  return {
    taken,
    problem,
    busy,
    take,
    resize: (side) => takePictures(pictures, side),
    reopen: (name) =>
      attempt(`Reading ${name}`, async () => {
        const bytes = await files.get(name);
        if (bytes) setTaken(lookAtTable(name, bytes));
      }),
    use,
  };
}

/**
 * The experiment on other data. It is no longer the item of the gallery that it may have been: its title and promises
 * are about other data.
 */
function specWith(before: LabSpec, dataset: { readonly file: string; readonly [option: string]: Json }): LabSpec {
  const { title: _title, description: _description, study: _study, ...rest } = before;
  const spec = withoutAxes(rest, (path) => path.startsWith('dataset.'));
  return { ...startOf(rest), ...spec, name: 'own-data', title: dataset.file, dataset };
}

/** Parts for data that come while a study is open, which has none; otherwise the parts that are there stay. */
function startOf(spec: LabSpec): LabSpec {
  if (spec.architecture !== undefined) return {};
  return {
    temperature: 0.01,
    gating: { use: 'half-spaces' },
    architecture: { use: 'ggdln' },
    learners: [{ use: 'block-gibbs' }],
    theories: [{ use: 'ggdln' }, { use: 'infinite-width' }],
  };
}
