/** A line of the result: what was timed, of whom, and how fast. */
export interface Row {
  readonly job: string;
  /** The sizes of the job, e.g. `1000,50`. */
  readonly size: string;
  /** What ran ours, e.g. `openblas`. */
  readonly backend: string;
  /** Threads that both sides were given. */
  readonly threads: number;
  /** `ms` (less is better), `1/s` (more is better) or `GB`. */
  readonly unit: Unit;
  readonly ours: number;
  /** null where the peer is absent or there is none. */
  readonly peer: number | null;
  readonly peerName: string | null;
  /** ours / peer. */
  readonly ratio: number | null;
  /** The same number if every floating-point operation ran at the measured peak of a matrix product. */
  readonly floor: number | null;
}

export type Unit = 'ms' | '1/s' | 'GB';

/** Numbers by which two sides show that they computed the same thing. */
export type Check = Readonly<Record<string, number>>;

/** One side of a comparison, set up and ready to run again and again. */
export interface Contestant {
  readonly name: string;
  readonly check: Check;
  /** Runs so many times; resolves to the milliseconds of all runs together. */
  time(runs: number): Promise<number>;
  /** For `1/s`: what one run yields (effective samples, say). Default 1. */
  readonly yield?: number;
}

/** The two sides of one row or, with several peers, of several rows. */
export interface Contest {
  readonly unit: Unit;
  readonly backend: string;
  readonly ours: Contestant;
  readonly peers: readonly Peer[];
  /** Floating-point operations of one run of ours, and their precision; absent where a count means nothing. */
  readonly flops?: { readonly count: number; readonly precision: Precision };
  /** Largest relative difference allowed in any number of the checks. */
  readonly tolerance: number;
  /** Too long for more than one run: no warm-up, no repetitions. */
  readonly once?: boolean;
  /** Rows about something else than time, e.g. memory, once all runs are done. */
  readonly extra?: () => readonly Pick<Row, 'unit' | 'ours' | 'floor'>[];
}

export type Precision = 'float64' | 'float32';

/** Where a peer comes from; `start` throws `PeerAbsentError` where it isn't installed. */
export interface Peer {
  readonly name: string;
  start(): Promise<Contestant>;
}

/** What a job is given. */
export interface BenchContext {
  readonly threads: number;
  /** A folder for arrays that peers read; removed at the end. */
  readonly folder: string;
  /** Runs at the end of the contest, whatever happened. */
  onEnd(end: () => void | Promise<void>): void;
}

/** What the ratio must be at most or at least. */
export interface Bar {
  readonly most?: number;
  readonly least?: number;
  /** The bar is on ours / floor instead. */
  readonly ofFloor?: boolean;
}

/** One size of a job. */
export interface Size {
  readonly size: string;
  /** @throws NotHereError where ours can't run here (no native library, say). */
  prepare(context: BenchContext): Promise<Contest>;
}

/** A job of the benchmark. Packages add theirs in `packages/<name>/bench/*.bench.ts`, as `export const jobs: Job[]`. */
export interface Job {
  readonly name: string;
  /** One line: what is computed. */
  readonly title: string;
  /** The bar of a size, by peer where it differs. */
  readonly bar?: (size: string, peerName: string | null) => Bar | undefined;
  /** Runs only when it is named or with `--all`. */
  readonly long?: boolean;
  readonly sizes: readonly Size[];
}

/** A peer that isn't installed; the message says how to get it. */
export class PeerAbsentError extends Error {
  override readonly name = 'PeerAbsentError';
}

/** Something of ours that doesn't run on this machine; the message says what is missing. */
export class NotHereError extends Error {
  override readonly name = 'NotHereError';
}
