// What goes wrong on clusters, made to happen on a real Slurm: nothing finished may be lost, nothing wrong be kept.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type OpenExecutor, open as openIn, square } from './executors.ts';
import { type SlurmCluster, startSlurm, whyNoSlurm } from './slurmCluster.ts';

const why = whyNoSlurm();
const cluster = why === undefined ? await startSlurm() : undefined;
if (!cluster) {
  process.stderr.write(`  SKIPPED mishaps on a real Slurm: ${why}\n`);
  it(`says why no Slurm is tested here: ${why}`, () => expect(why).toBeTruthy());
}
afterAll(() => cluster?.stop());

const opened: OpenExecutor[] = [];
afterEach(async () => {
  for (const { executor } of opened.splice(0)) await executor.close?.();
});
const command = (...args: Parameters<SlurmCluster['command']>) => (cluster as SlurmCluster).command(...args);
async function open(...[name, options]: [string, Parameters<typeof openIn>[2]?]): Promise<OpenExecutor> {
  const one = await openIn(cluster as SlurmCluster, name, options);
  opened.push(one);
  return one;
}

const begun = ({ folder }: { readonly folder: string }) =>
  existsSync(join(folder, 'begun')) ? readFileSync(join(folder, 'begun'), 'utf8').trim().split('\n') : [];
const beginnings = (one: OpenExecutor, id: string) => begun(one).filter((line) => line === id).length;
const jobs = () =>
  command('squeue', '--noheader', '--array', '--format=%F_%K %T')
    .trim()
    .split('\n')
    .filter((line) => line !== '');
async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (holds()) return;
    await sleep(100);
  }
  throw new Error(`${what} did not come in 60 s`);
}
/** Slurm would wait two minutes; not at once, as its node refuses a job that it has just killed. */
async function release(name: string): Promise<void> {
  await sleep(3000);
  command('scontrol', 'update', `JobId=${name}`, 'StartTime=now');
}
const batches = ({ folder }: OpenExecutor) => readdirSync(join(folder, 'slurm', 'batches'));
const filesOf = (one: OpenExecutor, ending: string) =>
  batches(one).flatMap((batch) =>
    readdirSync(join(one.folder, 'slurm', 'batches', batch))
      .filter((name) => name.endsWith(ending))
      .map((name) => join(one.folder, 'slurm', 'batches', batch, name)),
  );
const logs = (one: OpenExecutor) =>
  filesOf(one, '.log')
    .map((file) => readFileSync(file, 'utf8'))
    .join('');

describe.runIf(cluster)('on a real Slurm', () => {
  it('resumes a requeued element: finished tasks are kept, the one under way is computed again', async () => {
    const one = await open('requeue', { throttle: 1, keep: true });
    const tasks = [1, 2, 3, 4].map((value) => square(value, { seconds: value === 3 ? 4 : 0.1 }));
    const results = Promise.all(tasks.map((task) => one.run(task)));
    await until(() => begun(one).includes('square-3'), 'the third task');
    const [name] = jobs()[0].split(' ');
    command('scontrol', 'requeue', name);
    await until(() => jobs()[0]?.endsWith('PENDING'), 'the requeue');
    await release(name);
    expect((await results).map(({ squares }) => squares[0])).toEqual([1, 4, 9, 16]);
    expect(begun(one)).toEqual(['square-1', 'square-2', 'square-3', 'square-3', 'square-4']);
    expect(one.warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      `slurm-requeued: Slurm started the job ${name} again (1); it goes on after 2 finished tasks`,
    ]);
    expect(logs(one)).toMatch(/SIGTERM: finished tasks are kept/);
    expect(logs(one)).toMatch(/2 of 4 tasks to compute, started again \(1\)/);
    expect(batches(one)).toHaveLength(1);
  });

  it('is preempted by a partition of higher priority, and goes on', async () => {
    const one = await open('preempted', { throttle: 1, cpus: 2, partition: 'main', keep: true });
    const results = Promise.all([square(1), square(2, { seconds: 3 }), square(3)].map((task) => one.run(task)));
    await until(() => begun(one).includes('square-2'), 'the second task');
    command('sbatch', '--partition=urgent', '--cpus-per-task=2', '--output=/dev/null', '--wrap', 'sleep 1');
    await until(() => /SIGTERM/.test(logs(one)), 'the preemption');
    const [name] = jobs()
      .filter((line) => /_\d/.test(line))
      .map((line) => line.split(' ')[0])
      .slice(-1);
    await until(() => jobs().some((line) => line === `${name} PENDING`), 'the requeue');
    await release(name);
    expect((await results).map(({ squares }) => squares[0])).toEqual([1, 4, 9]);
    expect(beginnings(one, 'square-1')).toBe(1);
    expect(beginnings(one, 'square-2')).toBe(2);
  });

  it('submits again what a killed process had left, and says so', async () => {
    const one = await open('killed', { throttle: 1 });
    const tasks = [square(1), square(2, { mishap: 'kill' }), square(3)];
    const results = await Promise.all(tasks.map((task) => one.run(task)));
    expect(results.map(({ squares }) => squares[0])).toEqual([1, 4, 9]);
    expect(begun(one)).toEqual(['square-1', 'square-2', 'square-2', 'square-3']);
    expect(one.redone).toHaveLength(1);
    expect(one.redone[0]).toMatch(
      /^The Slurm job \d+_0 ended as FAILED \(exit code 0:9\) while it computed the square of 2\. It is computed again\.$/,
    );
  });

  it('gives a task up that kills every process, with the end of its log, and finishes the others', async () => {
    const one = await open('deadly', { throttle: 1, retries: 1 });
    const tasks = [square(1), square(2, { mishap: 'exit', always: true }), square(3)];
    const [first, second, third] = await Promise.allSettled(tasks.map((task) => one.run(task)));
    expect([first.status, third.status]).toEqual(['fulfilled', 'fulfilled']);
    const { reason } = second as PromiseRejectedResult;
    expect(reason.code).toBe('GGDLN_WORKER');
    expect(reason.message).toMatch(
      /the Slurm job \d+_0 ended as FAILED \(exit code 3:0\) while it computed the square of 2, as did 1 before it; the end of its log:/,
    );
    expect(reason.message).toContain('fatal: the node of square-2 has had enough');
    expect(reason.message).toMatch(/Its whole log is .*0\.log; --print-jobs shows the script\./);
    expect(beginnings(one, 'square-2')).toBe(2);
    expect(beginnings(one, 'square-1')).toBe(1);
  });

  it('stops before the time limit, and the rest goes on in a job of its own', async () => {
    // Slurm knows limits in minutes only, and tells of the end up to a minute before it is asked to.
    const one = await open('limit', { throttle: 1, time: '1', grace: 20, keep: true });
    const tasks = Array.from({ length: 9 }, (_, i) => square(i, { seconds: 10 }));
    const results = await Promise.all(tasks.map((task) => one.run(task)));
    expect(results.map(({ squares }) => squares[0])).toEqual(tasks.map((_, i) => i * i));
    expect(logs(one)).toMatch(/SIGUSR1: finished tasks are kept/);
    expect(batches(one).length).toBeGreaterThan(1);
    // What was under way at a limit was begun twice, all else once.
    expect(begun(one).length).toBe(tasks.length + batches(one).length - 1);
    expect(one.redone).toEqual([]);
  }, 240_000);

  it('ends a process that looks at no signal', async () => {
    const one = await open('blocked', { throttle: 1 });
    const controller = new AbortController();
    const result = one.run(square(1, { mishap: 'block' }), controller.signal);
    await until(() => begun(one).length === 1, 'the task');
    controller.abort();
    await expect(result).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    await one.executor.close?.();
    await until(() => jobs().length === 0, 'the end of the job');
  });

  it('cancels its jobs when it is cancelled, those that wait and those that run', async () => {
    const one = await open('cancelled', { throttle: 1, tasksPerJob: 1 });
    const controller = new AbortController();
    const results = [1, 2, 3].map((value) => one.run(square(value, { seconds: 30 }), controller.signal));
    const ends = Promise.allSettled(results);
    await until(() => begun(one).length === 1, 'the first task');
    controller.abort();
    for (const end of await ends) expect(end).toMatchObject({ reason: { code: 'GGDLN_CANCELLED' } });
    await one.executor.close?.();
    await until(() => jobs().length === 0, 'the end of all jobs');
    expect(begun(one)).toEqual(['square-1']);
  });

  it('is cancelled with the job that somebody cancels', async () => {
    const one = await open('scancel', { throttle: 1 });
    const result = one.run(square(1, { seconds: 60 }));
    const failure = expect(result).rejects.toThrow(
      /the Slurm job \d+_0 ended as CANCELLED .*while it computed the square of 1; .*Run the same again to go on/s,
    );
    await until(() => begun(one).length === 1, 'the task');
    command('scancel', jobs()[0].split(' ')[0]);
    await failure;
    await expect(result).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });

  it('computes what was damaged on the disk again', async () => {
    const one = await open('damaged', { throttle: 1 });
    await one.run(square(5));
    const file = join(one.folder, 'slurm', 'outcomes', 'square-5.outcome');
    const whole = readFileSync(file);
    const again = async () => (await one.run(square(5))).squares[0];
    expect(await again()).toBe(25);
    expect(begun(one)).toHaveLength(1);
    truncateSync(file, whole.length - 3);
    expect(await again()).toBe(25);
    expect(begun(one)).toHaveLength(2);
    const flipped = Buffer.from(whole);
    flipped[whole.length - 5] ^= 4;
    writeFileSync(file, flipped);
    expect(await again()).toBe(25);
    expect(begun(one)).toHaveLength(3);
  });

  it('goes on after kill -9 of its own process: takes what was finished, waits for what runs', async () => {
    const folder = join((cluster as SlurmCluster).folder, 'orphans');
    const main = spawn(process.execPath, [join(import.meta.dirname, 'submitter.mjs'), folder], { stdio: 'inherit' });
    await until(() => begun({ folder }).includes('square-2'), 'the second task');
    main.kill('SIGKILL');
    const before = jobs();
    const one = await open('orphans', { throttle: 1, keep: true });
    const tasks = [1, 2, 3].map((value) => square(value, { seconds: 3 }));
    const results = await Promise.all(tasks.map((task) => one.run(task)));
    expect(results.map(({ squares }) => squares[0])).toEqual([1, 4, 9]);
    expect(begun(one)).toEqual(['square-1', 'square-2', 'square-3']);
    expect(batches(one)).toHaveLength(1);
    expect(before).toHaveLength(1);
  });

  it('says what sbatch said when it refuses', async () => {
    const one = await open('refused', { partition: 'nowhere' });
    const result = one.run(square(1));
    await expect(result).rejects.toMatchObject({ code: 'GGDLN_BACKEND' });
    await expect(result).rejects.toThrow(/sbatch failed with exit code 1: .*invalid partition/);
  });

  it('gives processes what was asked for: memory, one BLAS thread a core', async () => {
    const one = await open('resources', { cpus: 2, memory: '100M' });
    expect(await one.run(square(1))).toMatchObject({ memoryLimit: 0.8 * 100 * 2 ** 20, threads: '2' });
  });

  it('costs little for a task: the overhead of an array element is told', async () => {
    const time = async (name: string, tasksPerJob: number) => {
      const one = await open(name, { throttle: 2, tasksPerJob });
      const started = performance.now();
      await Promise.all(Array.from({ length: 12 }, (_, i) => one.run(square(i))));
      return (performance.now() - started) / 1000;
    };
    const [apart, together] = [await time('apart', 1), await time('together', 6)];
    process.stderr.write(
      `  12 empty tasks on 2 cores: ${apart.toFixed(1)} s in 12 elements, ${together.toFixed(1)} s in 2; ` +
        `${((apart - together) / 10).toFixed(2)} s an element\n`,
    );
    expect(together).toBeLessThan(apart);
  });

  it('leaves no process behind', () => {
    const workers = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('batchWorker') && line.includes((cluster as SlurmCluster).folder));
    expect(workers).toEqual([]);
  });
});
