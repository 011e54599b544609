/** Runs synchronous work so many times; resolves to the milliseconds of all runs together. */
export async function timeRuns(runs: number, run: () => void): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < runs; i++) run();
  return performance.now() - start;
}
