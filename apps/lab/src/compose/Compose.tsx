import type { Registry } from '@ggdln/core';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useReadable } from '../app/useReadable.ts';
import type { Session } from '../engine/session.ts';
import type { Store } from '../state/store.ts';
import './compose.css';
import { misfitOf, networkMisfitOf, outputsOf, traitsOf } from './compatibility.ts';
import type { ComposeContext } from './context.ts';
import { EstimateLine, Seed } from './Foot.tsx';
import { findFaults } from './faults.ts';
import { PartStage } from './PartStage.tsx';
import { sourcesOf } from './parts.ts';
import { SourcesStage } from './SourcesStage.tsx';
import { StopRule } from './StopRule.tsx';

/** The column in which an experiment is put together: five stages (or one for a study), the seed, the estimate. */
export function Compose(props: {
  readonly store: Store;
  readonly session: Session;
  readonly registry: Registry;
}): JSX.Element {
  const { store, session, registry } = props;
  const spec = store.spec.value;
  const problem = useReadable(session.problem);
  const estimate = useReadable(session.estimate);
  const faults = useMemo(() => findFaults(spec, registry), [spec, registry]);
  const [said, say] = useState<{ readonly notes: readonly string[]; readonly after?: unknown }>({ notes: [] });
  // What an edit did besides is said until the next one.
  useEffect(() => say((before) => (before.after === undefined ? { ...before, after: spec } : { notes: [] })), [spec]);
  const context: ComposeContext = { store, registry, spec, faults, problem, say: (notes) => say({ notes }) };
  const study = spec.study !== undefined;
  const [explains, setExplains] = useState(false);
  return (
    <div class={`compose card${explains ? ' explains' : ''}`}>
      <Head line={headline(context, study)} explains={explains} onExplain={() => setExplains(!explains)} />
      {study ? (
        <PartStage context={context} kind="study" number={1} open />
      ) : (
        <>
          <PartStage context={context} kind="dataset" number={1} />
          <PartStage context={context} kind="gating" number={2} open />
          <PartStage context={context} kind="architecture" number={3} open />
          <SourcesStage context={context} kind="learner" number={4} open />
          <SourcesStage context={context} kind="theory" number={5} open />
        </>
      )}
      {said.notes.map((note) => (
        <div key={note} class="note warn compose-note" role="status">
          {note}
        </div>
      ))}
      {faults.has('') && (
        <div class="note err compose-note" role="alert">
          {faults.get('')}
        </div>
      )}
      <Seed context={context} />
      <StopRule store={store} session={session} />
      <EstimateLine context={context} estimate={estimate} />
    </div>
  );
}

/** What the column is, what can be said of the whole, and the switch that explains every option. */
function Head(props: {
  readonly line: string;
  readonly explains: boolean;
  readonly onExplain: () => void;
}): JSX.Element {
  const { line, explains, onExplain } = props;
  return (
    <div class="compose-head">
      <h2>Compose</h2>
      <span class="muted small" role="status">
        {line}
      </span>
      <button
        type="button"
        class="btn quiet small"
        aria-pressed={explains}
        title="Say what every option does"
        onClick={onExplain}
      >
        Explain
      </button>
    </div>
  );
}

function headline(context: ComposeContext, study: boolean): string {
  const { spec, registry, faults } = context;
  if (study) return faults.size === 0 ? 'Theory and simulation' : counted(faults.size);
  const traits = traitsOf(spec, registry, outputsOf(context.problem));
  const misfits = (['learner', 'theory'] as const).flatMap((kind) =>
    sourcesOf(spec, kind).filter(({ part }) => misfitOf(kind, part.use, traits, registry)),
  );
  const wrong = faults.size + misfits.length + (networkMisfitOf(spec, registry) ? 1 : 0);
  return wrong === 0 ? 'All parts fit' : counted(wrong);
}

function counted(wrong: number): string {
  return wrong === 1 ? '1 thing needs a change' : `${wrong} things need a change`;
}
