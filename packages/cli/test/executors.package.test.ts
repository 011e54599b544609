import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../src/exitCodes.ts';
import { ggdlnHere, newFolder } from './runCommand.ts';

const smoke = 'examples/sweeps/smoke.yaml';

describe('ggdln --executor', () => {
  it('lists executors, and the options of one as flags', async () => {
    const { stdout } = await ggdlnHere(['plugins', 'list', 'executor', '--json']);
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(['in-process', 'workers', 'slurm']);
    const help = await ggdlnHere(['sweep', '--executor', 'slurm', '--help', smoke]);
    expect(help.stdout).toMatch(/Options of the executor slurm\n(.*\n)*.*--executor\.partition TEXT/);
  });

  it('shows the batch script that it would submit, with the job’s own folder', async () => {
    const flags = ['--executor', 'slurm', '--executor.time', '10', '--executor.throttle', '4', '--print-jobs'];
    const { code, stdout } = await ggdlnHere(['sweep', smoke, ...flags, '--out', `${newFolder()}/smoke`]);
    expect(code).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(/^#!\/bin\/sh\n#SBATCH --job-name=ggdln-smoke-[0-9a-f]{10}\n#SBATCH --array=0-3%4\n/);
    expect(stdout).toContain('#SBATCH --time=10\n');
  });

  it('says how many processes it would start here', async () => {
    const shown = async (...flags: string[]) => (await ggdlnHere(['sweep', smoke, '--print-jobs', ...flags])).stdout;
    expect(await shown('--jobs', '3')).toMatch(/^3 processes of /);
    expect(await shown('--jobs', '1')).toMatch(/^Nothing is started: /);
  });

  it.each([
    [['--executor', 'slum'], 'unknown executor "slum". Did you mean slurm?'],
    [
      ['--executor', 'slurm', '--executor.tiem', '10'],
      'unknown flag "--executor.tiem". Did you mean --executor or --executor.time',
    ],
    [
      ['--executor', 'slurm', '--executor.time', 'soon'],
      '"soon" is no time limit. Give minutes, 02:00:00 or 1-12:00:00.',
    ],
    [['--executor', 'slurm', '--jobs', '2'], '--jobs 2 is given with --executor slurm. --jobs is for the processes of'],
    [['--jobs', 'many'], '--jobs is many. Give a whole number ≥ 1.'],
    [['--executor', 'workers', '--executor.processes', '-1'], '-1'],
  ])('refuses %j', async (flags, said) => {
    const { code, stderr } = await ggdlnHere(['sweep', smoke, '--print-jobs', ...flags]);
    expect(code).toBe(EXIT_CODES.usage);
    expect(stderr).toContain(said);
  });
});
