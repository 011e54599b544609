import type { GgdlnError, Json, JsonObject } from '@ggdln/core';
import { isObject } from './editSpec.ts';
import type { LabSpec, LabState, ViewState } from './labState.ts';

/** Makes the error of what can't be taken. */
type Refuse = (problem: string, remedy: string) => GgdlnError;

const DEEPEST = 10;
const MOST_VALUES = 20_000;
const REMEDY = 'Make the link again with "Share link"';
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Takes a value from outside for a state, after checking that it is nothing else: known keys, plain values, numbers
 * that are finite, few and shallow. Names and ranges in the spec are checked by `resolveSpec`, as everywhere.
 * @throws What `refuse` makes.
 */
export function plainState(value: unknown, refuse: Refuse): LabState & { readonly version: string } {
  requirePlain(value, refuse);
  const object = requireMapping(value as Json, 'the state', refuse);
  refuseOtherKeys(object, ['spec', 'view', 'item', 'needs', 'version'], 'the state', refuse);
  const { item, version } = object;
  if (item !== undefined && !(typeof item === 'string' && /^[a-z0-9-]{1,64}$/.test(item))) {
    throw refuse('its gallery item has no proper name', REMEDY);
  }
  const spec: LabSpec = requireMapping(object.spec, 'its experiment', refuse);
  return {
    spec,
    view: readView(requireMapping(object.view ?? {}, 'its view', refuse), refuse),
    ...(item === undefined ? {} : { item }),
    ...readNeeds(object.needs, refuse),
    version: typeof version === 'string' ? version.slice(0, 40) : 'unknown',
  };
}

/** Names as npm has them: they are shown to people. */
function readNeeds(needs: Json | undefined, refuse: Refuse): Pick<LabState, 'needs'> {
  if (needs === undefined) return {};
  const isName = (name: Json) => typeof name === 'string' && /^[@a-z0-9][a-z0-9@/._-]{0,213}$/i.test(name);
  if (Array.isArray(needs) && needs.length <= 16 && needs.every(isName)) return { needs: needs as string[] };
  throw refuse('what it needs is not a list of names of plugins', REMEDY);
}

function readView(view: JsonObject, refuse: Refuse): ViewState {
  refuseOtherKeys(view, ['panels', 'snapshot', 'x'], 'its view', refuse);
  const { panels, snapshot, x } = view;
  const isNames = Array.isArray(panels) && panels.every((name) => typeof name === 'string' && name.length <= 80);
  if (panels !== undefined && !isNames) throw refuse('its panels are not a list of names', REMEDY);
  if (snapshot !== undefined && !(Number.isSafeInteger(snapshot) && (snapshot as number) >= 0)) {
    throw refuse(`its snapshot is ${JSON.stringify(snapshot)}, not a whole number ≥ 0`, REMEDY);
  }
  if (x !== undefined && typeof x !== 'number') throw refuse('its pinned value is not a number', REMEDY);
  return view as ViewState;
}

function requireMapping(value: Json | undefined, what: string, refuse: Refuse): JsonObject {
  if (isObject(value)) return value;
  throw refuse(`${what} is not a mapping`, REMEDY);
}

function refuseOtherKeys(value: JsonObject, known: readonly string[], what: string, refuse: Refuse): void {
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other !== undefined) throw refuse(`${what} has the unknown key "${other.slice(0, 40)}"`, REMEDY);
}

/** Walks the whole value, without recursion, so that depth can't overflow anything. */
function requirePlain(value: unknown, refuse: Refuse): void {
  const stack: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let count = 0; ; count++) {
    const item = stack.pop();
    if (!item) return;
    if (item.depth > DEEPEST) throw refuse(`it is nested more than ${DEEPEST} deep`, REMEDY);
    if (count > MOST_VALUES) throw refuse(`it holds more than ${MOST_VALUES} values`, REMEDY);
    if (typeof item.value === 'number' && !Number.isFinite(item.value)) {
      throw refuse('it holds a number that is not finite', REMEDY);
    }
    if (item.value === null || typeof item.value !== 'object') continue;
    for (const key of Object.keys(item.value)) {
      if (FORBIDDEN.has(key)) throw refuse(`it holds the key "${key}"`, REMEDY);
      stack.push({ value: (item.value as { readonly [key: string]: unknown })[key], depth: item.depth + 1 });
    }
  }
}
