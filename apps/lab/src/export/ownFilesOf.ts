import type { Json } from '@ggdln/core';
import type { LabSpec } from '../state/labState.ts';

/** A file of the user's that an experiment reads. */
export interface OwnFileName {
  readonly name: string;
  /** Empty where the spec doesn't say. */
  readonly sha256: string;
}

/** The user's files that a spec names, so that a link can say what it doesn't hold. */
export function ownFilesOf({ dataset }: LabSpec): OwnFileName[] {
  if (dataset === null || typeof dataset !== 'object' || Array.isArray(dataset)) return [];
  const { file, sha256 } = dataset as { readonly file?: Json; readonly sha256?: Json };
  return typeof file === 'string' ? [{ name: file, sha256: typeof sha256 === 'string' ? sha256 : '' }] : [];
}
