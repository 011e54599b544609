import { allJobs, selectJobs } from './allJobs.ts';
import { readArguments } from './arguments.ts';
import { fastestLinalg } from './backends.ts';
import { measurePeak } from './peak.ts';
import { runJobs } from './run.ts';

// Runs jobs at one thread count: thread counts of BLAS libraries hold for a whole process.
const { threads: given, repetitions, size, ...args } = readArguments(process.argv.slice(2));
const [threads] = given;
const tell = (message: object) => process.send?.(message);

const linalg = await fastestLinalg(threads);
const failed = await runJobs({
  // What can't be loaded was named by the parent.
  jobs: selectJobs(await allJobs(() => {}), { ...args, ...(size === undefined ? {} : { size }) }),
  ...(size === undefined ? {} : { size }),
  threads,
  repetitions,
  peak: measurePeak(linalg),
  onRows: (rows) => tell({ rows }),
  onNote: (note) => tell({ note }),
});
tell({ failed });
// Threads of native libraries and of WebAssembly keep a process alive.
process.exit(0);
