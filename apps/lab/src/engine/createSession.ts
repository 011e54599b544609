import type { Registry, RunView, Writable } from '@ggdln/core';
import type { PluginFile } from '../ownPlugins/pluginFile.ts';
import type { LabSpec } from '../state/labState.ts';
import { type Channel, type OpenChannel, openWorker } from './channel.ts';
import { toLabError } from './labError.ts';
import type { Half, OwnFile, Report } from './messages.ts';
import { type OpenedRun, openRun } from './openedRun.ts';
import { createPulse, type Pulse } from './pulse.ts';
import { openingStatus, STOPPABLE } from './runStatus.ts';
import { emptyView } from './runView.ts';
import type { Backends, Estimate, LabError, RunStatus, Session, Speed } from './session.ts';
import { isPrecise, type StopRule } from './stopRule.ts';
import { watched } from './watched.ts';

/** What a session is made with. */
export interface SessionOptions {
  /** Asked at every `open`: it may have grown. */
  readonly registry: Registry;
  /** Files of the plugins of the user's own that workers need. */
  readonly plugins?: () => readonly PluginFile[];
  /** The user's own files, which workers get with an experiment that may read them. */
  readonly ownFiles?: (spec: LabSpec) => Promise<readonly OwnFile[]>;
  /** Default: real workers. */
  readonly openChannel?: OpenChannel;
}

/** A session with its two workers, one for theory and one for simulation. */
export function createSession(options: SessionOptions): Session {
  return new WorkerSession(options);
}

/** Redraws are at least this far apart. */
const REDRAW_MS = 100;
const BOTH: readonly Half[] = ['theory', 'simulation'];

class WorkerSession implements Session {
  readonly view: Writable<RunView> = watched(emptyView);
  readonly status: Writable<RunStatus> = watched(openingStatus);
  readonly problem: Writable<RunView['problem']> = watched(undefined);
  readonly estimate: Writable<Estimate | undefined> = watched(undefined);
  readonly error: Writable<LabError | undefined> = watched(undefined);
  readonly backends: Writable<Backends | undefined> = watched(undefined);
  readonly speed: Writable<Speed> = watched('full');
  readonly stopRule: Writable<StopRule | undefined> = watched(undefined);
  readonly earlier: Writable<boolean> = watched(false);
  readonly #options: SessionOptions;
  readonly #channels = new Map<Half, Channel>();
  #number = 0;
  #run: OpenedRun | undefined;
  #pulse: Pulse = createPulse();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What was asked for before the worker was ready. */
  #wanted: 'play' | 'step' | undefined;
  #ready = false;
  /** Halves that have told all they have: a run is done when theory and simulation are. */
  readonly #ended = new Set<Half>();
  /** The stop rule has paused this run; it goes on to the end when it is played again. */
  #ruled = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  open(spec: LabSpec, { keep = false }: { readonly keep?: boolean } = {}): void {
    const { points, rows } = this.view.get();
    this.earlier.set(keep && (points.length > 0 || rows.length > 0));
    this.#open(spec, BOTH);
  }

  glance(spec: LabSpec): void {
    this.earlier.set(false);
    this.#open(spec, 'study' in spec ? BOTH : ['theory']);
  }

  play(): void {
    const { phase } = this.status.get();
    if (phase === 'done' || phase === 'stopped' || phase === 'failed') this.reset();
    if (this.#run) this.#run.shown = 'live';
    this.#wanted = 'play';
    this.#start();
  }

  pause(): void {
    this.#wanted = undefined;
    this.#channels.get('simulation')?.ask({ type: 'pause' });
    if (this.status.get().phase === 'running') this.#rest('paused', 'Paused');
  }

  step(): void {
    const { phase } = this.status.get();
    if (phase === 'done') return;
    if (phase === 'stopped' || phase === 'failed') this.reset();
    if (phase === 'running') this.#rest('paused', 'Paused');
    if (this.#run) this.#run.shown = 'live';
    this.#wanted = 'step';
    this.#start();
  }

  reset(): void {
    if (this.#run) this.open(this.#run.spec);
  }

  cancel(): void {
    if (!STOPPABLE.includes(this.status.get().phase)) return;
    this.#wanted = undefined;
    this.#end('simulation');
    this.#ready = false;
    this.#ended.clear();
    this.#rest('stopped', 'Stopped');
  }

  setSpeed(speed: Speed): void {
    this.speed.set(speed);
    if (this.status.get().phase === 'running') this.#channel('simulation').ask({ type: 'play', speed });
  }

  setStopRule(rule: StopRule | undefined): void {
    this.#ruled = false;
    this.stopRule.set(rule);
  }

  show(snapshot: number | 'live'): void {
    if (!this.#run) return;
    this.#run.shown = snapshot;
    this.#redraw();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }

  #open(spec: LabSpec, halves: readonly Half[]): void {
    // A worker that is at work may be deep in one factorisation; a new one answers at once.
    if (this.status.get().phase === 'running') this.#end('simulation');
    if (!sameData(spec, this.#run?.spec)) this.problem.set(undefined);
    const number = ++this.#number;
    this.#ready = false;
    this.#wanted = undefined;
    this.#ended.clear();
    this.#ruled = false;
    this.#pulse = createPulse();
    this.error.set(undefined);
    try {
      this.#run = openRun(spec, this.#options.registry);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.status.set(openingStatus);
    if (halves.includes('simulation')) {
      this.estimate.set(undefined);
      this.#redraw();
    } else {
      // The pictures of before stay until there are new ones: something is being dragged.
      this.#channels.get('simulation')?.ask({ type: 'close' });
    }
    const ask = (files: readonly OwnFile[]) => {
      if (number !== this.#number) return;
      const plugins = this.#options.plugins?.() ?? [];
      for (const half of halves) this.#channel(half).ask({ type: 'open', run: number, half, spec, files, plugins });
    };
    const files = this.#options.ownFiles?.(spec) ?? Promise.resolve([]);
    files.then(ask).catch((error: unknown) => this.#fail(error));
  }

  /** Ends a worker, whatever it is doing. */
  #end(half: Half): void {
    this.#channels.get(half)?.dispose();
    this.#channels.delete(half);
  }

  #channel(half: Half): Channel {
    const known = this.#channels.get(half);
    if (known) return known;
    const { openChannel = openWorker } = this.#options;
    const channel: Channel = openChannel(half, (report) => {
      // What an ended worker told may still be on its way.
      if (report.run === this.#number && this.#channels.get(half) === channel) this.#hear(half, report);
    });
    this.#channels.set(half, channel);
    return channel;
  }

  #start(): void {
    if (!this.#ready || !this.#wanted) return;
    const simulation = this.#channel('simulation');
    if (this.#wanted === 'step') {
      simulation.ask({ type: 'step' });
      this.#rest('paused', 'Paused');
    } else {
      simulation.ask({ type: 'play', speed: this.speed.get() });
      this.#pulse.start();
      this.#setPhase('running', this.#run?.word() ?? 'Running');
    }
    this.#wanted = undefined;
  }

  #hear(half: Half, report: Report): void {
    const run = this.#run;
    if (!run) return;
    switch (report.type) {
      case 'backends':
        this.backends.set(report.backends);
        break;
      case 'problem':
        this.problem.set(report.problem);
        this.#redrawSoon();
        break;
      case 'estimate':
        this.estimate.set(Number.isFinite(report.seconds) ? report : undefined);
        break;
      case 'progress':
        if (half === 'theory') break;
        this.status.set({ ...this.status.get(), ...this.#pulse.read(report), progress: report.share });
        break;
      case 'ready':
        this.#ready = true;
        if (this.status.get().phase === 'opening') this.#setPhase('ready', 'Ready');
        this.#start();
        break;
      case 'done':
        this.#ended.add(half);
        if (this.#ended.has('simulation')) this.#finish();
        break;
      case 'failed':
        this.#fail(report.error);
        break;
      default:
        run.hear(half, report);
        this.#redrawSoon();
    }
  }

  #finish(): void {
    const status = this.status.get();
    // Slices end where a run ends: the last steps may never have been told.
    this.status.set({ ...status, progress: 1, step: status.total });
    if (this.#ended.size < BOTH.length) {
      if (status.phase === 'running') this.#setPhase('running', 'Solving');
      return;
    }
    this.#rest('done', 'Done');
    // Who sees that it is done, and saves it, has its last numbers.
    this.#redraw();
  }

  #fail(error: unknown): void {
    const known = typeof error === 'object' && error !== null && 'problem' in error && !(error instanceof Error);
    this.error.set(known ? (error as LabError) : toLabError(error));
    // Neither half goes on to an end of its own: what has failed waits to be opened anew.
    this.#wanted = undefined;
    this.#ready = false;
    this.#channels.get('simulation')?.ask({ type: 'close' });
    this.#rest('failed', 'Stopped');
  }

  #rest(phase: RunStatus['phase'], word: string): void {
    this.#pulse.stop();
    this.#setPhase(phase, word);
  }

  #setPhase(phase: RunStatus['phase'], word: string): void {
    const status = this.status.get();
    this.status.set({ ...status, phase, word, ...(phase === 'running' ? {} : { secondsLeft: undefined }) });
    this.#redrawSoon();
  }

  #redrawSoon(): void {
    this.#timer ??= setTimeout(() => this.#redraw(), REDRAW_MS);
  }

  #redraw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#run) return;
    const { phase } = this.status.get();
    const view = this.#run.view(this.problem.get(), phase);
    // What was found before stays until there are new numbers, also where none come.
    const waits = phase === 'opening' || phase === 'ready' || !this.#run.hasSimulated();
    if (this.earlier.get() && waits) return;
    this.earlier.set(false);
    this.view.set(view);
    const rule = this.stopRule.get();
    if (!rule || this.#ruled || view.status !== 'running' || !isPrecise(view, rule)) return;
    this.#ruled = true;
    this.#channels.get('simulation')?.ask({ type: 'pause' });
    this.#rest('paused', 'Precise enough');
  }
}

/** Whether the data and gates on screen may stay until there are new ones. */
function sameData(spec: LabSpec, before: LabSpec | undefined): boolean {
  return spec.dataset !== undefined && JSON.stringify(spec.dataset) === JSON.stringify(before?.dataset);
}
