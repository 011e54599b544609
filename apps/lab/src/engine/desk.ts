import { createRegistry, type Registry } from '@ggdln/core';
import type { LoadPlugin } from '../ownPlugins/pluginLoader.ts';
import { toLabError } from './labError.ts';
import type { Report, Request, Told } from './messages.ts';
import { type LabPlan, planLab } from './plan.ts';
import type { Speed } from './session.ts';
import { openSimulation, type Simulation } from './simulationHalf.ts';
import { openStudy } from './studyHalf.ts';
import { solveTheory } from './theoryHalf.ts';
import { type FetchFile, labFiles, startLinalg, type Workbench } from './workbench.ts';

/** What a desk stands on. */
interface Surroundings {
  readonly registry: Registry;
  /** Loads plugins of the user's own, which come with an experiment. */
  readonly loadPlugin: LoadPlugin;
  readonly fetchFile: FetchFile;
  post(report: Report): void;
}

/** The worker's side of a session: one run at a time; the next `open` ends the one before. */
export interface Desk {
  ask(request: Request): void;
}

/** Seconds that a whole run takes at speed 1, at least; a slow machine takes longer. */
const SECONDS_AT_1 = 60;

/** A run that can be played, held and stepped. */
interface Player {
  mode: 'held' | 'playing' | 'stepping';
  speed: Speed;
  /** Wakes the loop. */
  wake: () => void;
}

export function createDesk({ registry: built, loadPlugin, fetchFile, post }: Surroundings): Desk {
  const linalg = startLinalg();
  let current: AbortController | undefined;
  let player: Player | undefined;
  const end = () => {
    current?.abort();
    player?.wake();
  };
  const open = (request: Extract<Request, { type: 'open' }>) => {
    end();
    const abort = new AbortController();
    current = abort;
    player = { mode: 'held', speed: 'full', wake: () => {} };
    const tell = (report: Told) => {
      if (!abort.signal.aborted) post({ ...report, run: request.run } as Report);
    };
    const work = async () => {
      const own = await Promise.all(request.plugins.map(loadPlugin));
      const registry = own.length === 0 ? built : createRegistry([...built.plugins, ...own]);
      const { linalg: backend, warning } = await linalg;
      tell({
        type: 'backends',
        backends: { linalg: `float64, ${backend.name}`, tensor: '', ...(warning ? { warning } : {}) },
      });
      const bench: Workbench = { registry, linalg: backend, files: labFiles(request.files, fetchFile), tell };
      const plan = planLab(request.spec, registry);
      if (request.half === 'theory') await solveTheory(plan, bench, abort.signal);
      else await simulate(plan, bench, player as Player, abort.signal);
    };
    work().catch((error: unknown) => tell({ type: 'failed', error: toLabError(error) }));
  };
  return {
    ask(request) {
      if (request.type === 'open') open(request);
      else if (request.type === 'close') end();
      else if (player) move(player, request);
    },
  };
}

function move(player: Player, request: Exclude<Request, { type: 'open' | 'close' }>): void {
  if (request.type === 'play') {
    player.mode = 'playing';
    player.speed = request.speed;
  } else {
    player.mode = request.type === 'step' ? 'stepping' : 'held';
  }
  player.wake();
}

async function simulate(plan: LabPlan, bench: Workbench, player: Player, signal: AbortSignal): Promise<void> {
  const simulation =
    plan.kind === 'study' ? await openStudy(plan, bench, signal) : await openSimulation(plan.spec, bench, signal);
  const { seconds, bytes, dominant } = simulation;
  bench.tell({ type: 'estimate', seconds, bytes, dominant });
  bench.tell({ type: 'ready' });
  try {
    await drive(simulation, bench, player, signal);
  } finally {
    await simulation.close();
  }
}

async function drive(simulation: Simulation, { tell }: Workbench, player: Player, signal: AbortSignal): Promise<void> {
  while (!simulation.finished && !signal.aborted) {
    if (player.mode === 'held') {
      await simulation.showAll();
      tell({ type: 'paused' });
      await woken(player, signal);
      continue;
    }
    const stepping = player.mode === 'stepping';
    const [began, share] = [performance.now(), simulation.share];
    await simulation.advance(stepping);
    if (stepping && player.mode === 'stepping') player.mode = 'held';
    await rest(player.speed, simulation.share - share, performance.now() - began);
  }
  if (!signal.aborted) tell({ type: 'done' });
}

/** Waits while it is held; a request may have come while estimates were shown. */
function woken(player: Player, signal: AbortSignal): Promise<void> | undefined {
  if (player.mode !== 'held' || signal.aborted) return undefined;
  return new Promise((resolve) => {
    player.wake = resolve;
  });
}

/** Waits until a slice of the run has taken its share of the time; at least one turn, so that requests are heard. */
function rest(speed: Speed, share: number, tookMs: number): Promise<void> {
  const due = speed === 'full' ? 0 : (1000 * SECONDS_AT_1 * share) / speed;
  return due > tookMs ? new Promise((resolve) => setTimeout(resolve, due - tookMs)) : turn();
}

/** One turn of the event loop. Browsers hold a timer of 0 ms back for 4 ms, a quarter of a short slice; not a message. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
