import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('./lockContender.mjs', import.meta.url));

it('never lets two processes have a folder at once, also when those that have it are killed', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'ggdln-lock-'));
  const [folder, log] = [join(dir, 'run'), join(dir, 'log')];
  const start = () => {
    const child = spawn(process.execPath, [script, folder, log, '12'], { stdio: ['ignore', 'ignore', 'inherit'] });
    return { child, ended: new Promise<number | null>((resolve) => child.on('close', resolve)) };
  };
  const contenders = Array.from({ length: 5 }, start);
  const killed = new Set<number | undefined>();
  const kill = ({ child }: { child: ChildProcess }) => {
    killed.add(child.pid);
    child.kill('SIGKILL');
  };
  // Three of them die while all are at it; others come.
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    kill(contenders[i]);
    contenders.push(start());
  }
  const codes = await Promise.all(contenders.map(({ ended }) => ended));
  expect(codes.filter((code) => code === 0).length).toBeGreaterThanOrEqual(5);

  const lines = (await readFile(log, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  let holder: number | undefined;
  for (const [what, pid] of lines) {
    if (what === 'enter') {
      // Only a process that was killed leaves without a word.
      expect(holder === undefined || killed.has(holder), `${pid} entered while ${holder} was in`).toBe(true);
      holder = Number(pid);
    } else {
      expect(Number(pid), 'left a folder that another had').toBe(holder);
      holder = undefined;
    }
  }
  expect(lines.filter(([what]) => what === 'leave').length).toBeGreaterThanOrEqual(5 * 12);
  expect(await readdir(folder)).toEqual(['points']);
  await rm(dir, { recursive: true, force: true });
});
