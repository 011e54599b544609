import type { Option } from '@ggdln/core';
import type { ComponentChildren, JSX } from 'preact';
import { equationLink } from '../app/route.ts';

/** Ids that tie a field's label, control, help and error together. */
export interface FieldIds {
  readonly input: string;
  readonly help: string;
  readonly problem: string;
  readonly describedBy: string;
}

/** @param path Of the option, e.g. `gating.gates`. */
export function fieldIds(path: string): FieldIds {
  const input = `compose-${path.replaceAll('.', '-')}`;
  const [help, problem] = [`${input}-help`, `${input}-problem`];
  return { input, help, problem, describedBy: `${help} ${problem}` };
}

/** Label with symbol, the control, one line of help with its equation, and what is wrong. */
export function FieldFrame(props: {
  readonly ids: FieldIds;
  readonly option: Option;
  readonly problem: string | undefined;
  /** Shown while the field has focus. */
  readonly hint?: string | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { ids, option, problem, hint, children } = props;
  return (
    <div class="field compose-field">
      <label for={ids.input}>
        <OptionName option={option} />
      </label>
      {children}
      <span class="help" id={ids.help}>
        {option.help}
        <Equation option={option} />
        {hint && <span class="compose-hint"> {hint}</span>}
      </span>
      <Problem id={ids.problem} problem={problem} />
    </div>
  );
}

/** Title and symbol of an option. */
export function OptionName({ option }: { readonly option: Option }): JSX.Element {
  return (
    <>
      {option.title}
      {option.symbol && (
        <>
          {' '}
          <i class="v">{withSubscripts(option.symbol)}</i>
        </>
      )}
    </>
  );
}

/** `N_L` with its L below the line. */
function withSubscripts(symbol: string): ComponentChildren {
  return symbol
    .split(/_(\w)/)
    .map((piece, index) => (index % 2 === 1 ? <sub key={String(index)}>{piece}</sub> : piece));
}

/** The link to the equation that an option enters. */
export function Equation({ option }: { readonly option: Option }): JSX.Element | null {
  if (!option.equation) return null;
  const [page, section] = option.equation.split('/');
  return (
    <>
      {' '}
      <a class="compose-eq" href={equationLink(option.equation)}>
        eq.
        <span class="sr">
          {' '}
          of {option.title}: theory page {page}
          {section && `, section ${section}`}
        </span>
      </a>
    </>
  );
}

/** What is wrong with a field; there even when nothing is, so that screen readers hear it come. */
export function Problem(props: { readonly id: string; readonly problem: string | undefined }): JSX.Element {
  return (
    <span class="compose-problem" id={props.id} role="status">
      {props.problem}
    </span>
  );
}
