import type { JSX } from 'preact';
import { misfitInPlace, networkMisfitOf, outputsOf, refit, whyOf } from './compatibility.ts';
import type { ComposeContext } from './context.ts';
import { Problem } from './FieldFrame.tsx';
import { PartForm } from './PartForm.tsx';
import { Preview } from './Preview.tsx';
import { entryOf, exchanged, type PlacedPart, partsOf, type SharedKind, withPart } from './parts.ts';
import { Stage } from './Stage.tsx';
import { summaryLine } from './summaryLine.ts';
import { changesTo, withoutAxes } from './sweepAxes.ts';

const NAMES: { readonly [Kind in SharedKind]: string } = {
  dataset: 'Dataset',
  gating: 'Gating',
  architecture: 'Architecture',
  study: 'System',
};

/** The stage of a part that an experiment has one of (or, for gatings, one a layer). */
export function PartStage(props: {
  readonly context: ComposeContext;
  readonly kind: SharedKind;
  readonly number: number;
  readonly open?: boolean;
}): JSX.Element | null {
  const { context, kind, number, open = false } = props;
  const { spec, registry } = context;
  const parts = partsOf(spec, kind);
  const [first] = parts;
  if (!first) return null;
  const entry = entryOf(registry, kind, first.part.use);
  const title = entry?.title ?? first.part.use;
  const summary = entry ? summaryLine(spec, first, entry.options) : '';
  const faulty = [...context.faults.keys()].some((path) => path === kind || path.startsWith(`${kind}.`));
  return (
    <Stage
      number={number}
      kind={NAMES[kind]}
      title={parts.length > 1 ? `${title}, ${parts.length} layers` : title}
      summary={summary}
      fault={faulty || (kind === 'architecture' && networkMisfitOf(spec, registry) !== undefined)}
      open={open}
    >
      {parts.map((placed, layer) => (
        <fieldset key={placed.path} class="compose-part" aria-label={layerName(kind, layer, parts.length)}>
          {parts.length > 1 && <h3>{layerName(kind, layer, parts.length)}</h3>}
          <Chooser context={context} kind={kind} placed={placed} />
          <Preview context={context} kind={kind} layer={layer} />
          <Form context={context} kind={kind} placed={placed} />
        </fieldset>
      ))}
      {kind === 'dataset' && (
        <a class="btn" href="#own-data">
          Use my own data…
        </a>
      )}
    </Stage>
  );
}

function layerName(kind: SharedKind, layer: number, layers: number): string {
  if (layers === 1) return NAMES[kind];
  const place = layer === 0 ? ', next to the readout' : layer === layers - 1 ? ', next to the inputs' : '';
  return `Layer ${layers - layer}${place}`;
}

function Form(props: {
  readonly context: ComposeContext;
  readonly kind: SharedKind;
  readonly placed: PlacedPart;
}): JSX.Element {
  const { context, kind, placed } = props;
  const entry = entryOf(context.registry, kind, placed.part.use);
  const id = `compose-${placed.path.replaceAll('.', '-')}-fault`;
  return (
    <>
      <Problem id={id} problem={context.faults.get(placed.path)} />
      {entry && <PartForm key={placed.part.use} context={context} placed={placed} schema={entry.options} />}
    </>
  );
}

/** Which entry: every one that the registry has. */
function Chooser(props: {
  readonly context: ComposeContext;
  readonly kind: SharedKind;
  readonly placed: PlacedPart;
}): JSX.Element {
  const { context, kind, placed } = props;
  const { registry, spec, store } = context;
  const entries = registry.list(kind);
  const known = entries.some(({ name }) => name === placed.part.use);
  const misfits = new Map(
    entries.flatMap(({ name }) => {
      const misfit = misfitInPlace(kind, placed.path, name, context);
      return misfit ? [[name, whyOf(misfit)] as const] : [];
    }),
  );
  const titleOf = (name: string) => entryOf(registry, kind, name)?.title ?? name;
  const id = `compose-${placed.path.replaceAll('.', '-')}-use`;
  const choose = (use: string) => {
    const schema = entryOf(registry, kind, use)?.options;
    if (!schema) return;
    const part = exchanged(placed.part, use, schema);
    const start = `${placed.path}.`;
    const gone = (path: string) => path.startsWith(start) && !Object.hasOwn(schema, path.slice(start.length));
    const next = { ...withoutAxes(spec, gone), ...withPart(spec, placed, part) };
    const { changes, notes } = refit(next, registry, outputsOf(context.problem));
    store.edit({ ...changesTo(spec, next), ...changes });
    context.say(notes);
  };
  return (
    <div class="compose-chooser">
      <label class="sr" for={id}>
        {NAMES[kind]}
      </label>
      <select
        id={id}
        class="pick"
        value={placed.part.use}
        aria-describedby={misfits.size > 0 ? `${id}-why` : undefined}
        aria-invalid={misfits.has(placed.part.use)}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {!known && <option value={placed.part.use}>{placed.part.use} (not in this lab)</option>}
        {entries.map(({ name, entry }) => (
          <option key={name} value={name} disabled={misfits.has(name) && name !== placed.part.use}>
            {entry.title}
            {misfits.has(name) ? ' (doesn’t fit)' : ''}
          </option>
        ))}
      </select>
      <p class="compose-about">{entryOf(registry, kind, placed.part.use)?.summary}</p>
      <Misfits id={`${id}-why`} misfits={misfits} chosen={placed.part.use} titleOf={titleOf} />
    </div>
  );
}

/** What can't be chosen here, each reason once; first why what is chosen doesn't fit. */
function Misfits(props: {
  readonly id: string;
  /** Reasons by entry. */
  readonly misfits: ReadonlyMap<string, string>;
  readonly chosen: string;
  readonly titleOf: (name: string) => string;
}): JSX.Element {
  const { id, misfits, chosen, titleOf } = props;
  const own = misfits.get(chosen);
  const others = misfits.size - (own === undefined ? 0 : 1);
  const reasons = new Map<string, string[]>();
  for (const [name, why] of misfits) {
    if (name !== chosen) reasons.set(why, [...(reasons.get(why) ?? []), titleOf(name)]);
  }
  return (
    <div id={id}>
      <Problem id={`${id}-chosen`} problem={own} />
      {reasons.size > 0 && (
        <details class="compose-misfits">
          <summary>{others === 1 ? '1 other doesn’t fit' : `${others} others don’t fit`}: why</summary>
          {[...reasons].map(([why, titles]) => (
            <p key={why} class="compose-about">
              <b>{titles.join(', ')}.</b> {why}
            </p>
          ))}
        </details>
      )}
    </div>
  );
}
