// The process that feeds inputs to one reader: `child.js TARGET SEED FROM COUNT`. It tells its parent of each input
// before it reads it, so that the parent knows which one never came back.
import { writeSync } from 'node:fs';
import { createRandom, isGgdlnError } from '@ggdln/core';
import { meterAllocations, takeAllocated } from './allocations.ts';
import { inputOf } from './inputOf.ts';
import type { ChildMessage } from './messages.ts';
import type { FuzzTarget } from './target.ts';
import { allTargets } from './targets/allTargets.ts';
import { faultyTargets } from './targets/faultyTargets.ts';

/** What bad input may be called. */
const CODES = ['GGDLN_INPUT', 'GGDLN_DATA', 'GGDLN_CONFIG', 'GGDLN_UNKNOWN_NAME', 'GGDLN_INCOMPATIBLE'];
/** A message quotes what is wrong, not the file. */
const MAX_MESSAGE = 2000;

const [name, seed, from, count] = process.argv.slice(2);
const target = [...allTargets, ...faultyTargets].find((candidate) => candidate.name === name);
if (target) await feed(target, Number(seed), Number(from), Number(count));

async function feed(reader: FuzzTarget, fuzzSeed: number, first: number, inputs: number): Promise<void> {
  const rng = createRandom(fuzzSeed).stream(reader.name);
  meterAllocations();
  for (let index = first; index < first + inputs; index++) {
    const bytes = inputOf(reader, rng, index);
    say({ index });
    const began = performance.now();
    takeAllocated();
    const { accepted, problem } = await attempt(reader, bytes);
    const allocated = takeAllocated();
    const excess =
      allocated > reader.allowance(bytes.length)
        ? `${allocated} bytes allocated for a file of ${bytes.length}, ${reader.allowance(bytes.length)} allowed`
        : undefined;
    say({ index, accepted, ms: performance.now() - began, allocated, problem: problem ?? excess });
  }
}

async function attempt(reader: FuzzTarget, bytes: Uint8Array): Promise<{ accepted: boolean; problem?: string }> {
  try {
    await reader.read(bytes);
    return { accepted: true };
  } catch (error) {
    const problem = complaint(error);
    return problem === undefined ? { accepted: false } : { accepted: false, problem };
  }
}

function complaint(error: unknown): string | undefined {
  if (!isGgdlnError(error)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!CODES.includes(error.code)) return `code ${error.code}: ${error.message}`;
  return error.message.length > MAX_MESSAGE
    ? `a message of ${error.message.length} characters: ${error.message.slice(0, 300)} …`
    : undefined;
}

/** Written at once: nothing is lost if the next input ends the process. */
function say(message: ChildMessage): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}
