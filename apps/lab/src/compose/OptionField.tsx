import { isGgdlnError, type Json, type NumbersOption, type Option, readOption, type TextOption } from '@ggdln/core';
import type { JSX } from 'preact';
import type { ComposeContext } from './context.ts';
import { Equation, FieldFrame, fieldIds, OptionName, Problem } from './FieldFrame.tsx';
import { writeList } from './listSyntax.ts';
import { NumericField } from './NumericField.tsx';
import { axisValues, setValue } from './sweepAxes.ts';
import { useDraft } from './useDraft.ts';

interface FieldProps<Kind extends Option> {
  readonly context: ComposeContext;
  readonly path: string;
  readonly option: Kind;
  readonly value: Json;
}

/** The control of an option, by its type. */
export function OptionField(props: FieldProps<Option>): JSX.Element {
  const { option } = props;
  switch (option.type) {
    case 'integer':
    case 'number':
      return <NumericField {...props} option={option} single={props.path.startsWith('study.')} />;
    case 'boolean':
      return <Switch {...props} />;
    case 'choice':
      return <Choice {...props} values={option.values} />;
    case 'text':
    case 'numbers':
      return <Words {...props} option={option} />;
    default:
      return option satisfies never;
  }
}

function Switch({ context, path, option, value }: FieldProps<Option>): JSX.Element {
  const ids = fieldIds(path);
  const swept = axisValues(context.spec, path);
  return (
    <div class="check compose-check">
      <input
        id={ids.input}
        type="checkbox"
        checked={value === true || value === 'true'}
        disabled={swept !== undefined}
        aria-describedby={ids.describedBy}
        onChange={(event) => {
          context.store.edit({ [path]: event.currentTarget.checked });
        }}
      />
      <div>
        <label for={ids.input}>
          <OptionName option={option} />
        </label>
        <span class="help" id={ids.help}>
          {swept ? `Swept: ${writeList(swept)}.` : option.help}
          <Equation option={option} />
        </span>
        <Problem id={ids.problem} problem={context.faults.get(path)} />
      </div>
    </div>
  );
}

function Choice(props: FieldProps<Option> & { readonly values: readonly string[] }): JSX.Element {
  const { context, path, option, value, values } = props;
  const ids = fieldIds(path);
  const swept = axisValues(context.spec, path);
  const problem = context.faults.get(path);
  return (
    <FieldFrame ids={ids} option={option} problem={problem}>
      <span class="in">
        <select
          id={ids.input}
          value={swept ? '' : String(value)}
          aria-invalid={problem !== undefined}
          aria-describedby={ids.describedBy}
          onChange={(event) => {
            if (event.currentTarget.value !== '')
              context.store.edit(setValue(context.spec, path, event.currentTarget.value));
          }}
        >
          {swept && <option value="">{writeList(swept)} (sweep)</option>}
          {!swept && !values.includes(String(value)) && <option value={String(value)}>{String(value)}</option>}
          {values.map((word) => (
            <option key={word} value={word}>
              {word.replaceAll('-', ' ')}
            </option>
          ))}
        </select>
      </span>
    </FieldFrame>
  );
}

/** Free text, or a list of numbers. */
function Words(props: FieldProps<TextOption | NumbersOption>): JSX.Element {
  const { context, path, option, value } = props;
  const ids = fieldIds(path);
  const swept = axisValues(context.spec, path);
  const taken = Array.isArray(value) ? writeList(value) : String(value);
  const draft = useDraft(taken, { store: context.store, path, title: option.title });
  const problem = draft.problem ?? context.faults.get(path);
  const take = (text: string) => {
    if (text === taken) return;
    try {
      context.store.edit(setValue(context.spec, path, readOption(option, text.replaceAll('−', '-'), option.title)));
    } catch (error) {
      if (!isGgdlnError(error)) throw error;
      draft.refuse(text, `${error.problem}. ${error.remedy ?? ''}.`);
    }
  };
  return (
    <FieldFrame ids={ids} option={option} problem={problem}>
      <span class="in">
        <input
          id={ids.input}
          type="text"
          class="wide"
          autocomplete="off"
          spellcheck={false}
          value={swept ? `${swept.join(' | ')} (sweep)` : draft.text}
          readOnly={swept !== undefined}
          aria-invalid={problem !== undefined}
          aria-describedby={ids.describedBy}
          onInput={(event) => draft.type(event.currentTarget.value)}
          onChange={(event) => take(event.currentTarget.value)}
          onKeyDown={draft.escape}
        />
        {option.unit && <span class="muted small">{option.unit}</span>}
      </span>
    </FieldFrame>
  );
}
