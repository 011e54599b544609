import { type ErrorCode, GgdlnError, isGgdlnError } from './errors.ts';

/** An error as plain JSON, so that it can cross processes. */
export interface PackedError {
  readonly message: string;
  readonly stack?: string;
  /** Of an error that ggdln throws on purpose. */
  readonly parts?: {
    readonly code: ErrorCode;
    readonly where: string;
    readonly problem: string;
    readonly remedy?: string;
  };
}

/** Takes an error apart; what isn't an error is told as text. A cause, or the state of an iteration, stays behind. */
export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  const told = { message, ...(stack === undefined ? {} : { stack }) };
  if (!isGgdlnError(error)) return told;
  const { code, where, problem, remedy } = error;
  return { ...told, parts: { code, where, problem, ...(remedy === undefined ? {} : { remedy }) } };
}

/** The error that was packed, with its code, message and the stack of where it was thrown. */
export function unpackError({ message, stack, parts }: PackedError): Error {
  const error = parts ? new GgdlnError(parts) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
