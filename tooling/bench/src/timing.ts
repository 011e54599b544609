/** Runs work so many times; resolves to the milliseconds of all runs together. */
export async function timeRuns(runs: number, run: () => unknown): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < runs; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return performance.now() - start;
}
