import type { Incompatibility, Json, ProblemTraits } from '@ggdln/core';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { LabSpec } from '../state/labState.ts';
import { misfitOf, outputsOf, traitsOf, whyOf, withoutSources } from './compatibility.ts';
import type { ComposeContext } from './context.ts';
import { NumericField } from './NumericField.tsx';
import { temperatureOption } from './ownOptions.ts';
import { PartForm } from './PartForm.tsx';
import { entryOf, listKey, type PlacedPart, type RawPart, type SourceKind, sourcesOf } from './parts.ts';
import { Stage } from './Stage.tsx';
import { summaryLine } from './summaryLine.ts';
import { changesTo } from './sweepAxes.ts';

/** The stage of learners or of theories: what computes, and what could or could not. */
export function SourcesStage(props: {
  readonly context: ComposeContext;
  readonly kind: SourceKind;
  readonly number: number;
  readonly open?: boolean;
}): JSX.Element {
  const { context, kind, number, open = false } = props;
  const { spec, registry } = context;
  const chosen = sourcesOf(spec, kind);
  const traits = traitsOf(spec, registry, outputsOf(context.problem));
  const [main, ...also] = chosen;
  const entry = main && entryOf(registry, kind, main.part.use);
  const others = also.length > 0 ? `${also.length} more` : '';
  const own = main && entry ? summaryLine(spec, main, entry.options) : '';
  const temperature = kind === 'learner' ? `T\u00a0=\u00a0${spec.temperature ?? temperatureOption.default}` : '';
  const misfits = chosen.some(({ part }) => misfitOf(kind, part.use, traits, registry));
  const faulty = [...context.faults.keys()].some(
    (path) => path === listKey(kind) || path.startsWith(`${listKey(kind)}.`),
  );
  return (
    <Stage
      number={number}
      kind={kind === 'learner' ? 'Learner' : 'Theory'}
      title={entry?.title ?? main?.part.use ?? 'None'}
      summary={[temperature, own, others].filter((words) => words !== '').join(' · ')}
      fault={misfits || faulty}
      open={open}
    >
      {kind === 'learner' && (
        <NumericField
          context={context}
          path="temperature"
          option={temperatureOption}
          value={spec.temperature ?? temperatureOption.default}
        />
      )}
      <ul class="compose-sources">
        {chosen.map((placed, index) => (
          <ChosenSource
            key={placed.path}
            context={context}
            kind={kind}
            placed={placed}
            opens={index === 0 && kind === 'learner'}
            misfit={misfitOf(kind, placed.part.use, traits, registry)}
          />
        ))}
        <Candidates context={context} kind={kind} chosen={chosen} traits={traits} />
      </ul>
    </Stage>
  );
}

/** Replaces the list of learners or theories; axes of those that are gone go with them. */
function setSources(context: ComposeContext, kind: SourceKind, next: readonly Json[], gone: readonly RawPart[]): void {
  const { spec, store } = context;
  const changed: LabSpec = withoutSources({ ...spec, [listKey(kind)]: next }, kind, gone);
  store.edit(changesTo(spec, changed));
}

/** A learner or theory that computes, with the options of its own. */
function ChosenSource(props: {
  readonly context: ComposeContext;
  readonly kind: SourceKind;
  readonly placed: PlacedPart;
  /** Its options are shown from the start. */
  readonly opens: boolean;
  readonly misfit: Incompatibility | undefined;
}): JSX.Element {
  const { context, kind, placed, opens, misfit } = props;
  const { part, path } = placed;
  const [open, setOpen] = useState(opens);
  const entry = entryOf(context.registry, kind, part.use);
  const id = `compose-${path.replaceAll('.', '-')}`;
  const all = sourcesOf(context.spec, kind).map((item) => item.part);
  const last = all.length === 1 && sourcesOf(context.spec, kind === 'learner' ? 'theory' : 'learner').length === 0;
  const hasOptions = entry !== undefined && Object.keys(entry.options).length > 0;
  const title = titleOf(part, entry?.title);
  const others = all.filter((item) => item !== part);
  return (
    <li>
      <div class="opt compose-source" data-role={entry?.role}>
        <input
          id={id}
          type="checkbox"
          checked
          disabled={last}
          aria-describedby={`${id}-why`}
          onChange={() => setSources(context, kind, others, [part])}
        />
        <label for={id}>
          {title}
          <span class="why" id={`${id}-why`}>
            {misfit && whyOf(misfit)}
            {context.faults.get(path)}
          </span>
        </label>
        {hasOptions && <OptionsButton title={title} open={open} onPress={() => setOpen(!open)} />}
      </div>
      {open && hasOptions && (
        <fieldset class="compose-nested" aria-label={`Options of ${title}`}>
          <PartForm context={context} placed={placed} schema={entry.options} />
        </fieldset>
      )}
    </li>
  );
}

/** The title of its entry, with the name that it was given. */
function titleOf({ use, as }: RawPart, title = use): string {
  return typeof as === 'string' ? `${title}, “${as}”` : title;
}

function OptionsButton(props: {
  readonly title: string;
  readonly open: boolean;
  readonly onPress: () => void;
}): JSX.Element {
  const { title, open, onPress } = props;
  return (
    <button
      type="button"
      class="btn quiet small compose-options"
      aria-expanded={open}
      aria-label={`${open ? 'Hide options' : 'Options'} of ${title}`}
      onClick={onPress}
    >
      {open ? 'Hide' : 'Options'}
    </button>
  );
}

/** What could be added, and what could not and why; those with the same reason say it once. */
function Candidates(props: {
  readonly context: ComposeContext;
  readonly kind: SourceKind;
  readonly chosen: readonly PlacedPart[];
  readonly traits: ProblemTraits | undefined;
}): JSX.Element {
  const { context, kind, chosen, traits } = props;
  const { registry, spec } = context;
  const used = new Set(chosen.map(({ part }) => part.use));
  const names = new Set(chosen.map(({ path }) => path));
  const others = registry
    .list(kind)
    .filter(({ name }) => !used.has(name))
    .map((item) => ({ ...item, misfit: misfitOf(kind, item.name, traits, registry) }));
  const add = (use: string) => {
    const taken = [...sourcesOf(spec, 'learner'), ...sourcesOf(spec, 'theory')].some((item) =>
      item.path.endsWith(`.${use}`),
    );
    const part: RawPart = taken && !names.has(use) ? { use, as: `${use}-${kind}` } : { use };
    setSources(context, kind, [...chosen.map((item) => item.part), part], []);
  };
  const sorted = [...others.filter(({ misfit }) => !misfit), ...byReason(others.filter(({ misfit }) => misfit))];
  return (
    <>
      {sorted.map(({ name, entry, misfit }, index) => {
        const id = `compose-add-${kind}-${name}`;
        const why = misfit && whyOf(misfit);
        const next = sorted[index + 1]?.misfit;
        const said = why !== undefined && next !== undefined && whyOf(next) === why;
        return (
          <li key={name} class={`opt compose-source${misfit ? ' off' : ''}`} data-role={entry.role}>
            <input
              id={id}
              type="checkbox"
              checked={false}
              disabled={misfit !== undefined}
              aria-describedby={`${id}-why`}
              title={why ?? entry.summary}
              onChange={() => add(name)}
            />
            <label for={id}>
              {entry.title}
              <span class={said ? 'sr' : 'why'} id={`${id}-why`}>
                {why}
              </span>
            </label>
          </li>
        );
      })}
    </>
  );
}

function byReason<Item extends { readonly misfit: Incompatibility | undefined }>(items: readonly Item[]): Item[] {
  const reasons = [...new Set(items.map(({ misfit }) => misfit?.reason))];
  return [...items].sort((a, b) => reasons.indexOf(a.misfit?.reason) - reasons.indexOf(b.misfit?.reason));
}
