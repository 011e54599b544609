import { GgdlnError, isGgdlnError } from '@ggdln/core';

const explanations: { readonly [code: string]: readonly [problem: string, remedy: string] } = {
  ENOSPC: ['the disk is full', 'Make room, or give another folder'],
  EDQUOT: ['the disk quota is used up', 'Make room, or give another folder'],
  EACCES: ['there is no permission to write there', 'Change its permissions, or give another folder'],
  EPERM: ['there is no permission to write there', 'Change its permissions, or give another folder'],
  EROFS: ['the file system is read-only', 'Give another folder'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'Give another folder'],
  EEXIST: ['a file of that name is in the way', 'Give another folder'],
};

/** What went wrong with a folder, as GGDLN_STORAGE. @param doing e.g. `point 3f2a… can't be written`. */
export function storageError(folder: string, doing: string, cause: unknown): GgdlnError {
  if (isGgdlnError(cause)) return cause;
  const code = (cause as { code?: unknown } | null)?.code;
  const known = typeof code === 'string' ? explanations[code] : undefined;
  const [reason, remedy] = known ?? [cause instanceof Error ? cause.message : String(cause), 'Give another folder'];
  return new GgdlnError({
    code: 'GGDLN_STORAGE',
    where: '@ggdln/experiments/node',
    problem: `${doing} in ${folder}: ${reason}`,
    remedy,
    cause,
  });
}
