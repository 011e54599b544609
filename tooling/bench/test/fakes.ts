import type { Contest, Contestant, Job, Row } from '../src/job.ts';

/** A side that takes the same time every run, on a clock of its own. */
export function side(name: string, milliseconds: number, check = { value: 1 }): Contestant {
  return { name, check, time: async (runs) => runs * milliseconds };
}

/** Ours takes 100 ms, the peer 200 ms. */
export function contest(changes: Partial<Contest> = {}): Contest {
  return {
    unit: 'ms',
    backend: 'fake',
    ours: side('ours', 100),
    peers: [{ name: 'Peer', start: async () => side('Peer 1.0', 200) }],
    flops: { count: 5e6, precision: 'float64' },
    tolerance: 1e-6,
    ...changes,
  };
}

export function job(changes: Partial<Job> = {}): Job {
  return {
    name: 'fake-job',
    title: 'a job of the tests.',
    bar: () => ({ most: 0.8 }),
    sizes: [{ size: '5,2', prepare: async () => contest() }],
    ...changes,
  };
}

export const ROW: Row = {
  job: 'fake-job',
  size: '5,2',
  backend: 'fake',
  threads: 1,
  unit: 'ms',
  ours: 100,
  peer: 200,
  peerName: 'Peer 1.0',
  ratio: 0.5,
  floor: 50,
};
