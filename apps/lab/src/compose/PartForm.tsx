import type { Option, OptionsSchema } from '@ggdln/core';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ComposeContext } from './context.ts';
import { OptionField } from './OptionField.tsx';
import { optionValue, type PlacedPart } from './parts.ts';
import { axisValues } from './sweepAxes.ts';

/** Options that are shown at once; the others wait behind a button unless they were changed. */
const SHOWN = 4;

/** The form of a part, made from its schema alone. */
export function PartForm(props: {
  readonly context: ComposeContext;
  readonly placed: PlacedPart;
  readonly schema: OptionsSchema;
}): JSX.Element {
  const { context, placed, schema } = props;
  const [all, setAll] = useState(false);
  const options = Object.entries(schema);
  const always = options.filter(([name, option], index) => index < SHOWN || isTouched(context, placed, name, option));
  const hidden = options.length - always.length;
  const shown = all || hidden < 2 ? options : always;
  const { path, part } = placed;
  return (
    <>
      {shown.map(([name, option]) => (
        <OptionField
          key={`${path}.${name}`}
          context={context}
          path={`${path}.${name}`}
          option={option}
          value={optionValue(part, name, schema)}
        />
      ))}
      {hidden >= 2 && (
        <button type="button" class="btn small compose-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Fewer options' : `${hidden} more options`}
        </button>
      )}
    </>
  );
}

function isTouched(
  { spec, faults }: ComposeContext,
  { path, part }: PlacedPart,
  name: string,
  option: Option,
): boolean {
  const here = `${path}.${name}`;
  const value = part[name];
  const changed = value !== undefined && JSON.stringify(value) !== JSON.stringify(option.default);
  return changed || axisValues(spec, here) !== undefined || faults.has(here);
}
