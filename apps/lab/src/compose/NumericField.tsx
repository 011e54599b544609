import type { Json } from '@ggdln/core';
import type { JSX } from 'preact';
import type { Store } from '../state/store.ts';
import type { ComposeContext } from './context.ts';
import { FieldFrame, fieldIds } from './FieldFrame.tsx';
import { type NumericOption, readList, writeList } from './listSyntax.ts';
import { hasSlider, POSITIONS, positionOf, stepped, valueAt } from './slider.ts';
import { addAxis, axisValues, setValue } from './sweepAxes.ts';
import { useDraft } from './useDraft.ts';

/** A number, or several that make a sweep; with a slider where the option is bounded. */
export function NumericField(props: {
  readonly context: ComposeContext;
  readonly path: string;
  readonly option: NumericOption;
  readonly value: Json;
  /** Options of studies can't be swept. */
  readonly single?: boolean;
}): JSX.Element {
  const { context, path, option, value, single = false } = props;
  const { store, spec } = context;
  const swept = axisValues(spec, path);
  const draft = useDraft(swept ? writeList(swept) : String(value), { store, path, title: option.title });
  const problem = draft.problem ?? context.faults.get(path) ?? context.faults.get(`sweep.${path}`);
  const ids = fieldIds(path);

  const take = (text: string) => {
    if (text === (swept ? writeList(swept) : String(value))) return;
    const read = readList(text, option);
    if ('problem' in read) return draft.refuse(text, read.problem);
    const [only] = read.values;
    if (single && read.values.length > 1) return draft.refuse(text, 'A study has no sweep: give one number.');
    const changes = read.values.length === 1 ? setValue(spec, path, only) : addAxis(spec, path, read.values);
    if (typeof changes === 'string') draft.refuse(text, changes);
    else store.edit(changes);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    draft.escape(event);
    if (event.key === 'Enter') take(draft.text);
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : undefined;
    const now = Number(draft.text);
    if (direction === undefined || draft.text.trim() === '' || !Number.isFinite(now)) return;
    event.preventDefault();
    take(String(stepped(now, direction, event.shiftKey, option)));
  };
  return (
    <FieldFrame ids={ids} option={option} problem={problem} hint={single ? undefined : hintOf(option)}>
      <span class="in">
        <input
          id={ids.input}
          type="text"
          inputMode={option.type === 'integer' ? 'numeric' : 'decimal'}
          class={`num ${swept || /[,;.]{2}|[,;]/.test(draft.text) ? 'wide' : 'short'}`}
          autocomplete="off"
          spellcheck={false}
          value={draft.text}
          aria-invalid={problem !== undefined}
          aria-describedby={ids.describedBy}
          onInput={(event) => draft.type(event.currentTarget.value)}
          onChange={(event) => take(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {option.unit && <span class="muted small">{option.unit}</span>}
      </span>
      {!swept && typeof value === 'number' && hasSlider(option) && <Slider {...{ store, path, option, value }} />}
    </FieldFrame>
  );
}

/** Moves pass by; letting go is the edit. */
function Slider(props: {
  readonly store: Store;
  readonly path: string;
  readonly option: NumericOption;
  readonly value: number;
}): JSX.Element {
  const { store, path, option, value } = props;
  return (
    <input
      type="range"
      min={0}
      max={POSITIONS}
      value={positionOf(value, option)}
      aria-label={`${option.title}, slider`}
      aria-valuetext={String(value)}
      onInput={(event) => {
        store.edit({ [path]: valueAt(Number(event.currentTarget.value), option) }, { passing: true });
      }}
      onChange={(event) => {
        store.edit({ [path]: valueAt(Number(event.currentTarget.value), option) });
      }}
    />
  );
}

function hintOf(option: NumericOption): string {
  const example = option.type === 'integer' ? '10, 30, 100 or 10..1000 x5' : '0.1, 1, 10 or 0.1..10 x5';
  return `Several values make a sweep: ${example}.`;
}
