import { resolve } from 'node:path';
import { inputError } from '@ggdln/core';
import { type ExperimentResult, resolveSpec } from '@ggdln/experiments';
import { writeResults } from '@ggdln/experiments/node';
import type { Command, Session } from '../command.ts';
import { computeExperiment, dryRun, type Manner, printJobs, resultJson, withTensor } from '../computeExperiment.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, type Flag, flagValue, isOn } from '../flags.ts';
import { executorFlags } from '../jobs.ts';
import { pluginsOfSpec, specFlags, specFromFlags } from '../specFlags.ts';
import { createSweepReporter, type SweepReporter } from '../sweepReporter.ts';
import { describeEstimate, describeSweep } from '../sweepSummary.ts';
import { writeFigures } from '../writeFigures.ts';

/** `ggdln sweep EXPERIMENT`: many points, as unattended as can be. */
export const sweepCommand: Command = {
  name: 'sweep',
  usage: 'sweep EXPERIMENT.yaml [flags]',
  summary: 'Compute the many points of a sweep: estimate, progress, failures kept, one table',
  description:
    'Computes all points of an experiment file into one tidy table (table.csv), as `ggdln run` does, for sweeps that are\n' +
    'left alone: it estimates the cost from the first points, tells how long the rest takes, and goes on when points fail.\n' +
    'Failed points are kept with their error in failures.csv and tried again with --retry-failed only.\n' +
    'Started again with the same --out, also after kill -9, it goes on from its finished points to the same table.',
  plugins: pluginsOfSpec,
  flags: (argv, setting): Flag[] => [
    { name: 'out', value: 'DIR', help: 'Where results go', default: 'runs/NAME' },
    { name: 'dry-run', help: 'Show the resolved sweep and its points, or why it would be refused; compute nothing' },
    {
      name: 'estimate',
      help: 'Compute a first and a last point of each learner and theory, say what the rest costs, stop',
    },
    { name: 'retry-failed', help: 'Try points again that failed before' },
    { name: 'wait', help: 'Wait while another process uses the folder, instead of refusing' },
    ...executorFlags(argv, setting),
    ...specFlags(argv, setting),
  ],
  run,
};

async function run(args: Arguments, session: Session): Promise<number> {
  if (args.positionals.length === 0) {
    throw inputError(
      'ggdln sweep',
      'no experiment is named',
      'Give a file, e.g. ggdln sweep examples/sweeps/smoke.yaml',
    );
  }
  const file = specFromFlags(args, session);
  const spec = withTensor(resolveSpec(file, session.registry), session);
  if (isOn(args, 'dry-run')) return dryRun(spec, session);
  const out = resolve(session.cwd, flagValue(args, 'out') ?? `runs/${spec.name}`);
  if (isOn(args, 'print-jobs')) return printJobs(spec, out, args, session);
  const stop = new AbortController();
  const onEstimate = () => isOn(args, 'estimate') && stop.abort();
  const reporter = createSweepReporter(session.terminal, session.json, onEstimate);
  const manner: Manner = {
    note: (text) => reporter.note(text),
    onEvent: (event) => reporter.event(event),
    onExecutor: (executor) => reporter.start(executor),
    signal: AbortSignal.any([session.signal, stop.signal]),
    wait: isOn(args, 'wait'),
    retryFailed: isOn(args, 'retry-failed'),
    keepGoing: true,
    pilots: true,
  };
  // Numbers of many axes make no figure of their own accord.
  const drawn = file.spec.figure !== undefined;
  const finish = (result: ExperimentResult) => writeSweep(result, out, drawn, session, reporter);
  try {
    return await computeExperiment(spec, out, args, session, manner, finish);
  } catch (error) {
    const estimate = reporter.estimate();
    if (!stop.signal.aborted || session.signal.aborted || !estimate) throw error;
    session.terminal.out(`${session.json ? JSON.stringify({ estimate }) : describeEstimate(estimate)}\n`);
    return EXIT_CODES.ok;
  } finally {
    reporter.end();
  }
}

async function writeSweep(
  result: ExperimentResult,
  out: string,
  drawn: boolean,
  session: Session,
  reporter: SweepReporter,
): Promise<number> {
  reporter.end();
  const files = await writeResults(out, result, { versions: { ggdln: session.version } });
  const note = (text: string) => reporter.note(text);
  const figures = drawn ? await writeFigures(out, result, { ...session, note }) : [];
  const written = [...files, ...figures];
  session.terminal.out(
    session.json
      ? `${JSON.stringify(resultJson(result, out, written))}\n`
      : describeSweep(result, out, written, session.cwd),
  );
  return result.failures.length > 0 ? EXIT_CODES.numerical : EXIT_CODES.ok;
}
