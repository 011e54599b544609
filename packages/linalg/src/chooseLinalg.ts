import {
  type GgdlnError,
  inputError,
  isGgdlnError,
  type LinalgBackend,
  type LinalgEntry,
  unknownNameError,
} from '@ggdln/core';
import { portableEntries } from './linalgPlugin.ts';

/** A backend, and one line that says which it is, why it was taken, and what would be faster. */
export interface LinalgChoice {
  readonly backend: LinalgBackend;
  readonly reason: string;
}

/**
 * The linear algebra to use here: the one asked for, or the first candidate that runs.
 * @param preferred The name of a candidate.
 * @param candidates By name, the fastest first. Default `wasm`, then `ml-matrix`; a program for Node puts the entry of
 * `@ggdln/linalg-openblas` before them.
 * @throws GGDLN_UNKNOWN_NAME with the nearest known names; GGDLN_BACKEND when the one asked for can't run here; GGDLN_INPUT
 * without candidates.
 */
export async function chooseLinalg(
  preferred?: string,
  candidates: Readonly<Record<string, LinalgEntry>> = portableEntries,
): Promise<LinalgChoice> {
  if (preferred !== undefined) {
    if (!Object.hasOwn(candidates, preferred)) {
      const known = Object.keys(candidates);
      throw unknownNameError('@ggdln/linalg chooseLinalg', 'linear-algebra backend', preferred, known);
    }
    const backend = await candidates[preferred].create({});
    return { backend, reason: `${describe(backend)}; asked for` };
  }
  const absent: { readonly name: string; readonly error: GgdlnError }[] = [];
  for (const [name, entry] of Object.entries(candidates)) {
    try {
      const backend = await entry.create({});
      const faster = absent.map(({ name: other, error }) => `. ${other} would be faster: ${why(error)}`);
      return { backend, reason: `${describe(backend)}; the fastest that runs here${faster.join('')}` };
    } catch (error) {
      if (!isGgdlnError(error) || error.code !== 'GGDLN_BACKEND') throw error;
      absent.push({ name, error });
    }
  }
  const last = absent.at(-1)?.error;
  throw last ?? inputError('@ggdln/linalg chooseLinalg', 'there are no candidates', 'Give at least one backend');
}

const describe = ({ name, description }: LinalgBackend) => `${name}: ${description}`;
const why = ({ problem, remedy }: GgdlnError) => (remedy ? `${problem}. ${remedy}` : problem);
