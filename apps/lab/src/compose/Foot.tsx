import type { JSX } from 'preact';
import type { Estimate } from '../engine/session.ts';
import type { ComposeContext } from './context.ts';
import { Problem } from './FieldFrame.tsx';
import { readList, writeList } from './listSyntax.ts';
import { optionAt } from './optionAt.ts';
import { seedOption } from './ownOptions.ts';
import { addAxis, axisValues, setValue } from './sweepAxes.ts';
import { useDraft } from './useDraft.ts';

const LONGEST_SECONDS = 60;
const MOST_BYTES = 500e6;

/** The seed, with the only way to other initial weights. */
export function Seed({ context }: { readonly context: ComposeContext }): JSX.Element {
  const { spec, store } = context;
  const swept = axisValues(spec, 'seed');
  const value = spec.seed ?? seedOption.default;
  const field = { store, path: 'seed', title: seedOption.title };
  const draft = useDraft(swept ? writeList(swept) : String(value), field);
  const problem = draft.problem ?? context.faults.get('seed');
  const take = (text: string) => {
    if (text === (swept ? writeList(swept) : String(value))) return;
    const read = readList(text, seedOption);
    if ('problem' in read) return draft.refuse(text, read.problem);
    const [only] = read.values;
    if (spec.study !== undefined && read.values.length > 1) return draft.refuse(text, 'A study has one seed.');
    const changes = read.values.length === 1 ? setValue(spec, 'seed', only) : addAxis(spec, 'seed', read.values);
    if (typeof changes === 'string') draft.refuse(text, changes);
    else store.edit(changes);
  };
  return (
    <div class="compose-seed">
      <label for="compose-seed">Seed</label>
      <input
        id="compose-seed"
        class="num"
        type="text"
        inputMode="numeric"
        autocomplete="off"
        value={draft.text}
        aria-invalid={problem !== undefined}
        aria-describedby="compose-seed-problem"
        onInput={(event) => draft.type(event.currentTarget.value)}
        onChange={(event) => take(event.currentTarget.value)}
        onKeyDown={draft.escape}
      />
      <button type="button" class="btn" onClick={() => store.edit(setValue(spec, 'seed', newSeed(value)))}>
        New seed
      </button>
      <Problem id="compose-seed-problem" problem={problem} />
    </div>
  );
}

/** Four digits: easy to say, and another than before. */
function newSeed(before: unknown): number {
  const seed = 1 + Math.floor(Math.random() * 9998);
  return seed === before ? seed + 1 : seed;
}

/** What a run will cost, and what to lower where that is a lot. */
export function EstimateLine(props: {
  readonly context: ComposeContext;
  readonly estimate: Estimate | undefined;
}): JSX.Element {
  const { context, estimate } = props;
  const heavy = estimate !== undefined && (estimate.seconds > LONGEST_SECONDS || estimate.bytes > MOST_BYTES);
  return (
    <div class={`compose-estimate${heavy ? ' heavy' : ''}`} role="status">
      <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true">
        <circle cx="8" cy="8.5" r="5.5" />
        <path d="M8 5.5v3l2 1.5M6 1.5h4" />
      </svg>
      <span>
        {estimate
          ? wordsOf(estimate, heavy, context)
          : 'study' in context.spec
            ? 'Quick: its time is told while it runs'
            : 'The estimate of time and memory comes when the parts are ready'}
      </span>
    </div>
  );
}

function wordsOf({ seconds, bytes, dominant }: Estimate, heavy: boolean, context: ComposeContext): string {
  const cost = `Estimate: ${timeWords(seconds)} and ${memoryWords(bytes)} on this machine`;
  const found = heavy ? optionAt(dominant, context.spec, context.registry) : undefined;
  if (!found) return cost;
  return found.option
    ? `${cost}. Lower “${found.title}” to make it less.`
    : `${cost}, most of it for “${found.title}”.`;
}

/** A time as people say it: `under 1 s`, `29 s`, `4 min`, `2.5 h`. */
export function timeWords(seconds: number): string {
  if (!(seconds >= 1)) return 'under 1\u00a0s';
  if (seconds < 100) return `${Math.round(seconds)}\u00a0s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)}\u00a0min`;
  return `${Number((seconds / 3600).toPrecision(2))}\u00a0h`;
}

/** Bytes in steps of 1000: `12 MB`, `1.4 GB`. */
export function memoryWords(bytes: number): string {
  if (bytes < 1e6) return 'under 1\u00a0MB';
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)}\u00a0MB` : `${Number((bytes / 1e9).toPrecision(2))}\u00a0GB`;
}
