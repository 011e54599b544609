import { describe, expect, it } from 'vitest';
import { describeLoss, type LostElement, suspects } from '../src/lostElement.ts';
import { readAccounts, readControl, readQueue } from '../src/slurmCommands.ts';

describe('what the commands of Slurm print', () => {
  it('squeue: a line an element, with state and reason', () => {
    const text = '7_1|PENDING|JobArrayTaskLimit\n7_0|RUNNING|None\n8_12|PENDING|launch failed requeued held\n';
    expect([...readQueue(text)]).toEqual([
      ['7_1', { state: 'PENDING', reason: 'JobArrayTaskLimit' }],
      ['7_0', { state: 'RUNNING', reason: 'None' }],
      ['8_12', { state: 'PENDING', reason: 'launch failed requeued held' }],
    ]);
    expect(readQueue('').size).toBe(0);
  });

  it('sacct: the last line counts, without who cancelled; nothing where no accounts are kept', () => {
    expect(readAccounts('FAILED|1:0\n')).toEqual({ state: 'FAILED', exitCode: '1:0' });
    expect(readAccounts('REQUEUED|0:0\nCANCELLED by 1000|0:15\n')).toEqual({ state: 'CANCELLED', exitCode: '0:15' });
    expect(readAccounts('')).toBeUndefined();
    expect(readAccounts('Slurm accounting storage is disabled\n')).toBeUndefined();
  });

  it('scontrol: state and exit code of a job that it remembers, else unknown', () => {
    const text = 'JobId=3 ArrayJobId=3 ArrayTaskId=0 JobState=OUT_OF_MEMORY Reason=OutOfMemory ExitCode=0:125 Run=1';
    expect(readControl(text)).toEqual({ state: 'OUT_OF_MEMORY', exitCode: '0:125' });
    expect(readControl('')).toEqual({ state: 'UNKNOWN' });
  });
});

describe('whom a lost element is blamed on', () => {
  const lost = (state: string, more: Partial<LostElement> = {}): LostElement => ({
    element: { job: '3', index: 1, folder: '/run', tasks: ['a', 'b', 'c'] },
    end: { state, exitCode: '0:9' },
    state: { task: 'b', resumed: 0, computed: 1, restarts: 0 },
    unfinished: ['b', 'c'],
    ...more,
  });

  it('the task under way where a process died, all of them where none had begun', () => {
    expect(suspects(lost('FAILED'))).toEqual(['b']);
    expect(suspects(lost('OUT_OF_MEMORY'))).toEqual(['b']);
    expect(suspects(lost('UNKNOWN'))).toEqual(['b']);
    expect(suspects(lost('FAILED', { state: undefined }))).toEqual(['b', 'c']);
  });

  it('nobody where the cluster was it', () => {
    for (const state of ['PREEMPTED', 'NODE_FAIL', 'BOOT_FAIL']) expect(suspects(lost(state))).toEqual([]);
  });

  it('nobody where time ran out after a task was finished; the task where it takes longer than the limit', () => {
    const stopped = (computed: number) => ({ task: 'b', resumed: 0, computed, restarts: 0, stoppedBy: 'SIGUSR1' });
    expect(suspects(lost('FAILED', { state: stopped(1) }))).toEqual([]);
    expect(suspects(lost('FAILED', { state: stopped(0) }))).toEqual(['b']);
    expect(suspects(lost('TIMEOUT'))).toEqual([]);
  });

  it('says how it ended', () => {
    expect(describeLoss(lost('FAILED'))).toBe('the Slurm job 3_1 ended as FAILED (exit code 0:9)');
    expect(describeLoss(lost('TIMEOUT', { end: { state: 'TIMEOUT' } }))).toBe('the Slurm job 3_1 ended as TIMEOUT');
  });
});
