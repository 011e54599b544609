import { type ErrorCode, isGgdlnError } from '@ggdln/core';

/** What the command's exit code says; documented in the README and in `ggdln help`. */
export const EXIT_CODES = {
  ok: 0,
  /** A fixture case failed, or something unforeseen happened. */
  failed: 1,
  /** The command line, the experiment file or the data given can't be used as they are. */
  usage: 2,
  /** A factorisation failed or a solve did not converge. */
  numerical: 3,
  /** A data file is missing, corrupt or can't be fetched. */
  data: 4,
  /** Results can't be written or read back. */
  storage: 5,
  /** The asked-for backend can't run here. */
  backend: 6,
  cancelled: 130,
} as const;

const CODES: Record<ErrorCode, number> = {
  GGDLN_INPUT: EXIT_CODES.usage,
  GGDLN_UNKNOWN_NAME: EXIT_CODES.usage,
  GGDLN_CONFIG: EXIT_CODES.usage,
  GGDLN_INCOMPATIBLE: EXIT_CODES.usage,
  GGDLN_NUMERICAL: EXIT_CODES.numerical,
  GGDLN_NOT_CONVERGED: EXIT_CODES.numerical,
  GGDLN_DATA: EXIT_CODES.data,
  GGDLN_STORAGE: EXIT_CODES.storage,
  GGDLN_BACKEND: EXIT_CODES.backend,
  GGDLN_WORKER: EXIT_CODES.failed,
  GGDLN_DEFECT: EXIT_CODES.failed,
  GGDLN_CANCELLED: EXIT_CODES.cancelled,
};

/** The exit code for an error that ended the command. */
export function exitCodeOf(error: unknown): number {
  if (isTooLarge(error)) return EXIT_CODES.usage;
  return isGgdlnError(error) ? CODES[error.code] : EXIT_CODES.failed;
}

/** The engine's refusal of an array that is larger than it can make, or than memory. */
export function isTooLarge(error: unknown): boolean {
  return (
    error instanceof RangeError &&
    /^(Array buffer allocation failed|Invalid (typed array|array buffer) length: \d+)/.test(error.message)
  );
}
