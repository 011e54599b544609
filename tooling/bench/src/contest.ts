import { setTimeout as sleep } from 'node:timers/promises';
import type { Check, Contest, Contestant, Precision, Row } from './job.ts';
import { PeerAbsentError } from './job.ts';

/** How a contest is run. */
export interface ContestOptions {
  readonly repetitions: number;
  readonly threads: number;
  /** Floating-point operations a millisecond of a matrix product here. */
  readonly peak: Readonly<Record<Precision, number>>;
  /** Told of peers that are left out. */
  readonly onNote: (note: string) => void;
  /** Milliseconds of rest before a side runs; threads of the other side stop spinning meanwhile. */
  readonly rest?: number;
}

/** A repetition lasts at least so many milliseconds, by repeating short runs. */
const LEAST = 60;
/** A warm-up lasts at least so many milliseconds: just-in-time compilers need some tens of runs of a short job. */
const WARM_UP = 1000;

/**
 * Runs ours and its peers in turn, a repetition each, and takes medians.
 * @throws Error where a peer computed other numbers than ours.
 */
export async function runContest(
  name: { readonly job: string; readonly size: string },
  contest: Contest,
  options: ContestOptions,
): Promise<Row[]> {
  const peers = await startPeers(contest, options);
  for (const peer of peers) requireSameNumbers(name.job, contest, peer);
  const sides = [contest.ours, ...peers].map((side) => ({ side, runs: 1, times: [] as number[] }));
  if (!contest.once) for (const entry of sides) entry.runs = await warmUp(entry.side);
  for (let repetition = 0; repetition < (contest.once ? 1 : options.repetitions); repetition++) {
    for (const { side, runs, times } of sides) {
      await sleep(options.rest ?? 100);
      times.push((await side.time(runs)) / runs);
    }
  }
  const [ours, ...others] = sides.map(({ side, times }) => inUnit(contest, side, median(times)));
  const common = { ...name, backend: contest.backend, threads: options.threads };
  const row = { ...common, unit: contest.unit, ours, floor: floorOf(contest, options) };
  const absent = contest.peers.length === 0 || peers.length < contest.peers.length;
  const rows: Row[] = peers.map(({ name: peerName }, i) => ({
    ...row,
    peer: others[i],
    peerName,
    ratio: ours / others[i],
  }));
  if (absent && rows.length === 0) {
    rows.push({ ...row, peer: null, peerName: contest.peers[0]?.name ?? null, ratio: null });
  }
  const extra = (contest.extra?.() ?? []).map((part) => ({
    ...common,
    ...part,
    peer: null,
    peerName: null,
    ratio: null,
  }));
  return [...rows, ...extra].map(inOrder);
}

async function startPeers(contest: Contest, { onNote }: ContestOptions): Promise<Contestant[]> {
  const started: Contestant[] = [];
  for (const peer of contest.peers) {
    try {
      started.push(await peer.start());
    } catch (error) {
      if (!(error instanceof PeerAbsentError)) throw error;
      onNote(`${peer.name} is left out: ${error.message}`);
    }
  }
  return started;
}

/** @throws Error naming the number that differs. */
function requireSameNumbers(job: string, { ours, tolerance }: Contest, peer: Contestant): void {
  const names = Object.keys(ours.check);
  if (names.length === 0) throw new Error(`${job}: nothing to compare with ${peer.name}`);
  for (const name of names) {
    const [a, b] = [ours.check[name], (peer.check as Check)[name]];
    const difference = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), Number.MIN_VALUE);
    // Written so that NaN and numbers that are missing fail too.
    if (!(difference <= tolerance || a === b)) {
      throw new Error(`${job}: ${name} is ${a} for ours and ${b} for ${peer.name}; not the same computation`);
    }
  }
}

/** Runs a side until it is warm. @returns How many runs a repetition takes. */
async function warmUp(side: Contestant): Promise<number> {
  let spent = await side.time(1);
  let once = spent;
  do {
    const runs = runsIn(LEAST, once);
    const taken = await side.time(runs);
    once = taken / runs;
    spent += taken;
  } while (spent < WARM_UP);
  return runsIn(LEAST, once);
}

const runsIn = (milliseconds: number, once: number): number =>
  Math.max(1, Math.ceil(milliseconds / Math.max(once, 1e-3)));

function inUnit({ unit }: Contest, side: Contestant, milliseconds: number): number {
  return unit === '1/s' ? (1000 * (side.yield ?? 1)) / milliseconds : milliseconds;
}

function floorOf(contest: Contest, { peak }: ContestOptions): number | null {
  const { flops } = contest;
  return flops ? inUnit(contest, contest.ours, flops.count / peak[flops.precision]) : null;
}

/** The middle of the sorted values; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The keys of a row in the order in which they are documented. */
function inOrder({ job, size, backend, threads, unit, ours, peer, peerName, ratio, floor }: Row): Row {
  return { job, size, backend, threads, unit, ours, peer, peerName, ratio, floor };
}
