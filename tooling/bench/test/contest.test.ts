import { describe, expect, it } from 'vitest';
import { median, runContest } from '../src/contest.ts';
import { PeerAbsentError } from '../src/job.ts';
import { contest, ROW, side } from './fakes.ts';

const name = { job: 'fake-job', size: '5,2' };

function options(notes: string[] = []) {
  const peak = { float64: 1e5, float32: 2e5 };
  return { repetitions: 3, threads: 1, peak, rest: 0, onNote: (note: string) => notes.push(note) };
}

describe('a contest', () => {
  it('gives a row with exactly the documented keys, in order', async () => {
    const rows = await runContest(name, contest(), options());
    expect(rows).toEqual([ROW]);
    expect(Object.keys(rows[0])).toEqual(Object.keys(ROW));
  });

  it('gives a row a peer', async () => {
    const peers = [200, 50].map((ms) => ({ name: 'Peer', start: async () => side(`Peer ${ms}`, ms) }));
    const rows = await runContest(name, contest({ peers }), options());
    expect(rows.map(({ peerName, ratio }) => [peerName, ratio])).toEqual([
      ['Peer 200', 0.5],
      ['Peer 50', 2],
    ]);
  });

  it('turns times into rates by what a run yields: more is better', async () => {
    const ours = { ...side('ours', 100), yield: 2 };
    const [row] = await runContest(name, contest({ unit: '1/s', ours }), options());
    expect(row).toMatchObject({ ours: 20, peer: 5, ratio: 4, floor: 40 });
  });

  it('refuses to time two sides that computed different numbers', async () => {
    const other = { name: 'Peer', start: async () => side('Peer', 200, { value: 1 + 1e-5 }) };
    await expect(runContest(name, contest({ peers: [other] }), options())).rejects.toThrow(
      'fake-job: value is 1 for ours and 1.00001 for Peer; not the same computation',
    );
    const missing = { name: 'Peer', start: async () => side('Peer', 200, {} as { value: number }) };
    await expect(runContest(name, contest({ peers: [missing] }), options())).rejects.toThrow(
      'not the same computation',
    );
    const broken = { name: 'Peer', start: async () => side('Peer', 200, { value: Number.NaN }) };
    await expect(runContest(name, contest({ peers: [broken] }), options())).rejects.toThrow('not the same computation');
  });

  it('leaves out and names a peer that is not installed', async () => {
    const notes: string[] = [];
    const absent = {
      name: 'NumPy',
      start: async () => {
        throw new PeerAbsentError('install it');
      },
    };
    const rows = await runContest(name, contest({ peers: [absent] }), options(notes));
    expect(rows).toEqual([{ ...ROW, peer: null, peerName: 'NumPy', ratio: null }]);
    expect(notes).toEqual(['NumPy is left out: install it']);
  });

  it('runs once what is marked so, and adds rows about something else', async () => {
    let runs = 0;
    const time = async (count: number) => {
      runs += count;
      return 100;
    };
    const ours = { ...side('ours', 100), time };
    const extra = () => [{ unit: 'GB', ours: 4, floor: null }] as const;
    const rows = await runContest(name, contest({ ours, peers: [], once: true, extra }), options());
    expect(runs).toBe(1);
    expect(rows.map(({ unit, ours: value, peer }) => [unit, value, peer])).toEqual([
      ['ms', 100, null],
      ['GB', 4, null],
    ]);
  });

  it('takes medians', () => {
    expect(median([3, 1, 100])).toBe(3);
    expect(median([1, 100, 3, 4])).toBe(3.5);
  });
});
