import type { JsonObject } from './json.ts';

/** What kind of thing went wrong. Stable: scripts and the command line's exit codes rely on it. */
export type ErrorCode =
  | 'GGDLN_INPUT' // an argument, an option or data has the wrong shape, range or type
  | 'GGDLN_UNKNOWN_NAME' // a plugin, an option or a column that does not exist
  | 'GGDLN_CONFIG' // a spec file that can't be read or doesn't validate
  | 'GGDLN_INCOMPATIBLE' // parts that don't fit together (this theory does not solve that network)
  | 'GGDLN_DATA' // a data file is missing, truncated, corrupt, or has the wrong checksum
  | 'GGDLN_NUMERICAL' // a factorisation failed or a number stopped being finite
  | 'GGDLN_NOT_CONVERGED' // an iteration ended before its tolerance; carries the last state
  | 'GGDLN_CANCELLED' // the caller's AbortSignal fired
  | 'GGDLN_STORAGE' // results could not be written or read back
  | 'GGDLN_WORKER' // a process that computed something died, and died again when it was tried once more
  | 'GGDLN_DEFECT' // a plugin or ggdln itself threw what isn't one of these; recorded where a sweep goes on
  | 'GGDLN_BACKEND'; // a numeric backend is absent or not what it claims to be

/** The parts of an error message: what was wrong, where, and what would be right. */
export interface ErrorParts {
  readonly code: ErrorCode;
  /** The package or function that complains, e.g. `@ggdln/theory solveGgdln`. */
  readonly where: string;
  /** What was wrong, with the received value or shape. One sentence, no final period needed. */
  readonly problem: string;
  /** What would be right: the expected shape or range, the nearest known name, the command to run. */
  readonly remedy?: string;
  /** Options of the part that complains with values that cure it, where that is known: offered as one press. */
  readonly changes?: JsonObject;
  readonly cause?: unknown;
}

/** A message tells this much of a problem, which may quote a cell or a key of any length from a file. */
const MAX_PROBLEM = 1500;

/** Every error that ggdln throws on purpose. `code` is stable, the wording is not. */
export class GgdlnError extends Error {
  readonly code: ErrorCode;
  readonly where: string;
  readonly problem: string;
  readonly remedy: string | undefined;
  readonly changes: JsonObject | undefined;

  constructor(parts: ErrorParts) {
    const remedy = parts.remedy ? ` ${sentence(parts.remedy)}` : '';
    super(
      `[${parts.where}] ${sentence(clipped(parts.problem))}${remedy}`,
      parts.cause === undefined ? {} : { cause: parts.cause },
    );
    this.name = 'GgdlnError';
    this.code = parts.code;
    this.where = parts.where;
    this.problem = parts.problem;
    this.remedy = parts.remedy;
    this.changes = parts.changes;
  }
}

/**
 * An iteration that ended before its tolerance. `state` is the last finite state, in the shape that the solver
 * documents, so that a caller can look at it, plot it as "not a solution yet", or continue from it.
 */
export class NotConvergedError<State = unknown> extends GgdlnError {
  readonly state: State;

  constructor(parts: Omit<ErrorParts, 'code'>, state: State) {
    super({ ...parts, code: 'GGDLN_NOT_CONVERGED' });
    this.name = 'NotConvergedError';
    this.state = state;
  }
}

/** Shorthand for the commonest error: a `GGDLN_INPUT` with what was received and what would be right. */
export function inputError(where: string, problem: string, remedy?: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_INPUT', where, problem, ...(remedy ? { remedy } : {}) });
}

/** True when `error` is a GgdlnError (also one from another copy of this package). */
export function isGgdlnError(error: unknown): error is GgdlnError {
  return (
    error instanceof Error &&
    typeof (error as { code?: unknown }).code === 'string' &&
    (error as GgdlnError).code.startsWith('GGDLN_')
  );
}

function sentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

function clipped(text: string): string {
  return text.length <= MAX_PROBLEM ? text : `${text.slice(0, MAX_PROBLEM)} … (${text.length} characters)`;
}
