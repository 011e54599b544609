import type { Json } from '@ggdln/core';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Drawer } from '../app/Drawer.tsx';
import type { KeptFile, OwnFiles } from '../engine/ownFiles.ts';
import type { Store } from '../state/store.ts';
import { DropZone } from './DropZone.tsx';
import { type Dropped, sizesFor } from './dropped.ts';
import { KeptFiles } from './KeptFiles.tsx';
import './ownData.css';
import { Preview } from './Preview.tsx';
import { useIntake } from './useIntake.ts';

/** Side to which pictures are brought. */
const SIDES = [7, 14, 28] as const;

/** The drawer that takes files in: what they hold, which column is the target, how inputs are scaled. */
export function OwnData(props: {
  readonly store: Store;
  readonly files: OwnFiles;
  readonly onClose: () => void;
}): JSX.Element {
  const { store, files, onClose } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const { taken, problem, busy, take, resize, reopen, use } = useIntake(store, files, onClose);
  const [kept, setKept] = useState<readonly KeptFile[]>([]);
  const refresh = () => files.list().then(setKept);
  useEffect(() => {
    refresh();
  }, []);

  return (
    <Drawer id="own-data" title="Own data" heading={heading} onClose={onClose}>
      <p class="own-data-promise">Nothing leaves this page. Files stay in this browser until you remove them.</p>
      <DropZone onFiles={take} busy={busy} />
      {problem !== '' && (
        <div class="note err" role="alert">
          {problem}
        </div>
      )}
      {taken && (
        <>
          {taken.pictured && <Sides side={taken.pictured.side} onSide={resize} />}
          <Preview key={taken.name} dropped={taken} pictured={taken.pictured} />
          <Settings key={`${taken.name} settings`} dropped={taken} onUse={use} />
        </>
      )}
      <KeptFiles kept={kept} files={files} onChange={refresh} onOpen={reopen} />
    </Drawer>
  );
}

function Sides(props: { readonly side: number; readonly onSide: (side: number) => void }): JSX.Element {
  return (
    <div class="field">
      <span id="own-data-sides">Pixels a side, in shades of grey</span>
      <fieldset class="seg own-data-seg" aria-labelledby="own-data-sides">
        {SIDES.map((side) => (
          <button key={side} type="button" aria-pressed={side === props.side} onClick={() => props.onSide(side)}>
            {side}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** Which column is the target, and scaling; everything else stands in the stage of the dataset. */
function Settings(props: {
  readonly dropped: Dropped;
  readonly onUse: (options: { readonly [option: string]: Json }) => void;
}): JSX.Element {
  const { dropped, onUse } = props;
  const { table, rows } = dropped;
  const [target, setTarget] = useState(table.target[0]);
  const [kind, setKind] = useState('auto');
  const [standardise, setStandardise] = useState(table.columns.every(({ shape }) => shape.length < 2));
  const [normalise, setNormalise] = useState(true);
  const { trainSize, testSize } = sizesFor(rows);
  return (
    <form
      class="own-data-settings"
      onSubmit={(event) => {
        event.preventDefault();
        onUse({ target, kind, standardise, normalise, trainSize, testSize });
      }}
    >
      <div class="field">
        <label for="own-data-target">Target column</label>
        <select id="own-data-target" value={target} onChange={(event) => setTarget(event.currentTarget.value)}>
          {table.columns.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="own-data-kind">Target is</label>
        <select id="own-data-kind" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          <option value="auto">found out from its values</option>
          <option value="classes">a class</option>
          <option value="regression">a number</option>
        </select>
      </div>
      <div class="check">
        <input
          id="own-data-standardise"
          type="checkbox"
          checked={standardise}
          onChange={(event) => setStandardise(event.currentTarget.checked)}
        />
        <label for="own-data-standardise">Every column to mean 0 and variance 1</label>
      </div>
      <div class="check">
        <input
          id="own-data-normalise"
          type="checkbox"
          checked={normalise}
          onChange={(event) => setNormalise(event.currentTarget.checked)}
        />
        <label for="own-data-normalise">
          Every input to |<i class="v">x</i>|² = <i class="v">N</i>
          <sub>0</sub>
        </label>
      </div>
      <button type="submit" class="btn primary">
        Use this data
      </button>
      <p class="muted small">
        It begins with {trainSize} training and {testSize} test examples; change them under Dataset.
      </p>
    </form>
  );
}
