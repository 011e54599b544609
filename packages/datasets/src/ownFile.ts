import { GgdlnError } from '@ggdln/core';

const KINDS = ['csv', 'npy', 'npz'] as const;
/** Formats of files that become datasets. */
export type OwnFileKind = (typeof KINDS)[number];

/** Largest file of a user's own that is read: 256 MiB. */
export const OWN_FILE_LIMIT: number = 2 ** 28;

/**
 * Checks the name of a user's own file. An experiment may come from someone else, so it can only name files inside
 * the folder that the reader looks in: a relative path with slashes, no `..`, ending in .csv, .npy or .npz.
 * @returns Its format.
 * @throws GGDLN_DATA for any other name.
 */
export function ownFileKind(where: string, file: string): OwnFileKind {
  const problem = problemWith(file);
  if (problem === undefined) return file.slice(file.lastIndexOf('.') + 1).toLowerCase() as OwnFileKind;
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where,
    problem,
    remedy: 'Name a .csv, .npy or .npz file in the folder that is read, e.g. file: measurements.csv',
  });
}

function problemWith(file: string): string | undefined {
  if (file === '') return 'no file is named';
  if (file.length > 200) return `the file's name has ${file.length} characters, more than 200`;
  const steps = file.split('/');
  const inside = steps.every((step) => step !== '' && step !== '.' && step !== '..');
  if (!inside || /[\\:]|\p{Cc}/u.test(file)) return `"${file}" is not the name of a file inside a folder`;
  const kind = file.slice(file.lastIndexOf('.') + 1).toLowerCase();
  return (KINDS as readonly string[]).includes(kind) ? undefined : `"${file}" is not a .csv, .npy or .npz file`;
}

/** @throws GGDLN_DATA for a file larger than `OWN_FILE_LIMIT`. */
export function requireOwnSize(where: string, file: string, bytes: number): void {
  if (bytes <= OWN_FILE_LIMIT) return;
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where,
    problem: `${file} has ${bytes} bytes, more than ${OWN_FILE_LIMIT}`,
    remedy: 'Leave out rows, or use a plugin that reads the data',
  });
}
