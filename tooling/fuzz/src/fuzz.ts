import { spawn } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ChildMessage } from './messages.ts';

/** An input that a reader mishandles. */
export interface Finding {
  readonly index: number;
  readonly problem: string;
}

/** What came of fuzzing one reader. */
export interface FuzzReport {
  readonly target: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly slowestMs: number;
  readonly mostAllocated: number;
  readonly findings: readonly Finding[];
}

export interface FuzzOptions {
  readonly target: string;
  readonly inputs: number;
  readonly seed: number;
  /** An input that takes longer hangs; as many times longer as each core has processes to run. Default 20 s. */
  readonly secondsEach?: number;
  /** Stop after so many findings. Default 5. */
  readonly maxFindings?: number;
}

/** The heap that the reader may fill, strings and objects included; beyond it the process ends. */
const HEAP_MB = 256;
const START_MS = 120_000;

/**
 * Feeds mutated files to one reader, in a process of its own that may hang or run out of memory without harm. Goes on
 * after a finding, until there are `maxFindings`.
 * @param folder Holds the bundled child, see `bundleChild`.
 */
export async function fuzz(folder: string, options: FuzzOptions): Promise<FuzzReport> {
  const { target, inputs, seed, secondsEach = 20, maxFindings = 5 } = options;
  const report = { target, inputs: 0, accepted: 0, slowestMs: 0, mostAllocated: 0, findings: [] as Finding[] };
  const note = (message: ChildMessage) => {
    report.inputs++;
    if (message.accepted) report.accepted++;
    report.slowestMs = Math.max(report.slowestMs, message.ms ?? 0);
    report.mostAllocated = Math.max(report.mostAllocated, message.allocated ?? 0);
    if (message.problem !== undefined) report.findings.push({ index: message.index, problem: message.problem });
  };
  for (let from = 0; from < inputs && report.findings.length < maxFindings; ) {
    const end = await feed(folder, [target, seed, from, inputs - from], secondsEach, (message) => {
      note(message);
      return report.findings.length < maxFindings;
    });
    if (end === undefined) break;
    report.findings.push(end);
    from = end.index + 1;
  }
  return report;
}

/** Where each core has so many processes to run, a child that hangs is told from one that waits after so long. */
function patienceMs(seconds: number): number {
  return 1000 * seconds * Math.max(1, loadavg()[0] / availableParallelism());
}

/** Runs the child until it is done (`undefined`), or dies or hangs on an input. */
function feed(
  folder: string,
  args: readonly (string | number)[],
  seconds: number,
  note: (message: ChildMessage) => boolean,
): Promise<Finding | undefined> {
  return new Promise((resolve, reject) => {
    const flags = [`--max-old-space-size=${HEAP_MB}`, join(folder, 'child.js'), ...args.map(String)];
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    let reading: number | undefined;
    let hung = false;
    let stopped = false;
    let said = '';
    const stop = () => {
      hung = true;
      child.kill('SIGKILL');
    };
    // Starting takes its time on a busy machine, and is no reading.
    let alarm = setTimeout(stop, START_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      clearTimeout(alarm);
      alarm = setTimeout(stop, patienceMs(seconds));
      const message = JSON.parse(line) as ChildMessage;
      reading = message.accepted === undefined ? message.index : undefined;
      if (stopped || message.accepted === undefined || note(message)) return;
      stopped = true;
      child.kill('SIGKILL');
    });
    child.stderr.on('data', (text) => {
      said = (said + text).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(alarm);
      if (stopped || code === 0) return resolve(undefined);
      if (reading === undefined) return reject(new Error(`the fuzzing process ended (${code ?? signal}): ${said}`));
      const how = hung ? `no answer within ${seconds} s` : `the process died (${code ?? signal}): ${said}`;
      resolve({ index: reading, problem: how });
    });
  });
}
