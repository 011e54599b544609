import type { Half, Report, Request } from './messages.ts';

/** A worker as the page sees it. */
export interface Channel {
  ask(request: Request): void;
  /** Ends it at once, whatever it is doing. */
  dispose(): void;
}

/** Starts a worker. @param onReport Hears all it tells, reports of earlier runs included. */
export type OpenChannel = (half: Half, onReport: (report: Report) => void) => Channel;

/** A real worker. Its code is loaded when it is first opened. */
export const openWorker: OpenChannel = (half, onReport) => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: half });
  worker.addEventListener('message', ({ data }: MessageEvent<Report>) => onReport(data));
  return {
    ask: (request) => worker.postMessage(request),
    dispose: () => worker.terminate(),
  };
};
