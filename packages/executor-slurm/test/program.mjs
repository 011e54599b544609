// What elements compute in tests: a square, with a mishap or a delay on the way.
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GgdlnError } from '@ggdln/core';

export function openTaskProgram({ folder }, limits) {
  return async ({ id, work }, listener, signal) => {
    const { value, seconds = 0, mishap, always = false } = work;
    // One line a time that a task was begun.
    appendFileSync(join(folder, 'begun'), `${id}\n`);
    const mark = join(folder, `${id}.mishap`);
    if (mishap && (always || !existsSync(mark))) {
      writeFileSync(mark, '');
      if (mishap === 'kill') process.kill(process.pid, 'SIGKILL');
      if (mishap === 'exit') {
        process.stderr.write(`fatal: the node of ${id} has had enough\n`);
        process.exit(3);
      }
      if (mishap === 'block') for (;;) Math.sqrt(value); // never looks up
    }
    const end = performance.now() + 1000 * seconds;
    while (performance.now() < end) {
      if (signal.aborted) throw new GgdlnError({ code: 'GGDLN_CANCELLED', where: 'program', problem: 'stopped' });
      listener.onProgress({ stage: id, done: 1, total: 2 });
      await sleep(50);
    }
    return {
      squares: Float64Array.of(value * value),
      pid: process.pid,
      memoryLimit: limits.memoryLimit,
      threads: process.env.GGDLN_BLAS_THREADS,
    };
  };
}
