import { parseArgs } from 'node:util';

/** What a run of the bench was asked for. */
export interface BenchArguments {
  /** Names of jobs; empty for all but the long ones. */
  readonly only: readonly string[];
  /** One size of the jobs, e.g. `500,20`. */
  readonly size?: string;
  readonly all: boolean;
  readonly list: boolean;
  readonly threads: readonly number[];
  /** Timed repetitions of each side. */
  readonly repetitions: number;
  readonly json?: string;
  readonly page?: string;
  /** Files of rows to show instead of running anything. */
  readonly rows: readonly string[];
}

/** A mistake on the command line; shown without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `npm run bench -- [options]

  --only NAME        run this job only (may be given again, or as NAME,NAME)
  --size SIZE        one size of it, e.g. 500,20
  --all              the long jobs too (large-solve)
  --threads 1,2      thread counts, each in a process of its own (default 1,2)
  --repetitions N    timed repetitions of each side (default 7)
  --json FILE        write the rows as JSON
  --page FILE        write a page (markdown) about the rows
  --rows FILE        take the rows from an earlier --json instead of running (again: later files win)
  --list             name the jobs`;

/** @throws UsageError naming what is wrong and what would be right. */
export function readArguments(args: readonly string[]): BenchArguments {
  const { values } = parse(args);
  const threads = (values.threads ?? '1,2').split(',').map((text) => whole('--threads', text));
  const { size, json, page } = values;
  return {
    only: (values.only ?? []).flatMap((names) => names.split(',')).filter((name) => name !== ''),
    ...(size === undefined ? {} : { size }),
    all: values.all ?? false,
    list: values.list ?? false,
    threads: [...new Set(threads)],
    repetitions: whole('--repetitions', values.repetitions ?? '7'),
    ...(json === undefined ? {} : { json }),
    ...(page === undefined ? {} : { page }),
    rows: values.rows ?? [],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true },
        size: { type: 'string' },
        all: { type: 'boolean' },
        list: { type: 'boolean' },
        threads: { type: 'string' },
        repetitions: { type: 'string' },
        json: { type: 'string' },
        page: { type: 'string' },
        rows: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`${option} is "${text}"; give whole numbers above 0`);
}
