import { resolve } from 'node:path';
import type { GgdlnError } from '@ggdln/core';
import {
  type ExperimentResult,
  planPoints,
  type ResolvedSpec,
  requireCompatible,
  resolveSpec,
  runExperiment,
} from '@ggdln/experiments';
import { openFolderStore, writeResults } from '@ggdln/experiments/node';
import type { Command, Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, type Flag, flagValue, isOn } from '../flags.ts';
import { executorFlags, openExecutor, previewExecutor, useOneThreadForEach } from '../jobs.ts';
import { memoryLimit } from '../memory.ts';
import { createRunReporter, type RunReporter } from '../runReporter.ts';
import { describeResult } from '../runSummary.ts';
import { pluginsOfSpec, specFlags, specFromFlags } from '../specFlags.ts';
import { writeFigures } from '../writeFigures.ts';

/** `ggdln run EXPERIMENT`: theory and learners on the same problem, laid side by side. */
export const runCommand: Command = {
  name: 'run',
  usage: 'run [EXPERIMENT.yaml] [flags]',
  summary: 'Run an experiment: theory beside learners on the same problem',
  description:
    'Runs the experiment of a YAML or JSON file; without a file, a small synthetic one that the flags change and that\n' +
    'uses what --plugin brings.\n' +
    'Prints the comparison and writes figure (SVG, PNG), tables (CSV, JSON), arrays (NPZ) and the resolved spec.\n' +
    'Interrupted runs go on from their finished points when started again with the same --out.',
  plugins: pluginsOfSpec,
  flags: (argv, setting): Flag[] => [
    { name: 'out', value: 'DIR', help: 'Where results go', default: 'runs/NAME' },
    {
      name: 'dry-run',
      help: 'Show the resolved experiment and its points, or why it would be refused; compute nothing',
    },
    ...executorFlags(argv, setting),
    ...specFlags(argv, setting),
  ],
  run,
};

async function run(args: Arguments, session: Session): Promise<number> {
  const spec = resolveSpec(specFromFlags(args, session), session.registry);
  if (args.flags.has('dry-run')) return dryRun(spec, session);
  const out = resolve(session.cwd, flagValue(args, 'out') ?? `runs/${spec.name}`);
  if (isOn(args, 'print-jobs')) return printJobs(spec, out, args, session);
  const reporter = createRunReporter(session.terminal);
  const result = await compute(spec, out, args, session, reporter);
  reporter.note('Writing results');
  const files = await writeResults(out, result, { versions: { ggdln: session.version } });
  const figures = await writeFigures(out, result, { ...session, note: (text) => reporter.note(text) });
  const written = [...figures, ...files];
  session.terminal.out(
    session.json ? `${JSON.stringify(asJson(result, out, written))}\n` : describeResult(result, out, written, session),
  );
  return result.failures.length > 0 ? EXIT_CODES.numerical : EXIT_CODES.ok;
}

async function dryRun(spec: ResolvedSpec, { registry, terminal, json }: Session): Promise<number> {
  const planned = await planPoints(spec);
  requireCompatible(planned, registry);
  const points = planned.map(({ source, axes }) => ({ source, axes }));
  terminal.out(`${JSON.stringify({ ...spec, points }, null, json ? 0 : 2)}\n`);
  return EXIT_CODES.ok;
}

async function printJobs(spec: ResolvedSpec, folder: string, args: Arguments, session: Session): Promise<number> {
  const points = await planPoints(spec);
  session.terminal.out(previewExecutor({ points, plugins: spec.plugins, linalg: spec.linalg, folder }, args, session));
  return EXIT_CODES.ok;
}

async function compute(
  spec: ResolvedSpec,
  out: string,
  args: Arguments,
  session: Session,
  reporter: RunReporter,
): Promise<ExperimentResult> {
  const points = await planPoints(spec);
  useOneThreadForEach(points, session);
  const { backend, reason } = await session.linalg(spec.linalg === 'auto' ? undefined : spec.linalg);
  const store = await openFolderStore(out);
  const work = { points, plugins: spec.plugins, linalg: backend.name, folder: out };
  let executor: Awaited<ReturnType<typeof openExecutor>> | undefined;
  try {
    executor = await openExecutor({ ...work, note: (text) => reporter.note(text) }, args, session);
    reporter.note(`${spec.title}\nLinear algebra: ${reason}; ${executor.description}`);
    return await runExperiment(spec, {
      registry: session.registry,
      linalg: backend,
      store,
      files: session.files,
      signal: session.signal,
      memoryLimit: memoryLimit(),
      executor,
      onEvent: (event) => reporter.event(event),
    });
  } finally {
    reporter.end();
    await executor?.close();
    await store.close();
  }
}

function asJson(result: ExperimentResult, out: string, files: readonly string[]): object {
  const { table, comparison, diagnostics, notes, warnings, counts, failures } = result;
  return {
    name: result.spec.name,
    out,
    files,
    counts,
    rows: table.rows,
    comparison: comparison.rows,
    diagnostics: diagnostics.rows,
    notes,
    warnings,
    failures: failures.map(({ point, error }) => ({
      source: point.source,
      axes: point.axes,
      code: (error as GgdlnError).code,
      message: error.message,
    })),
  };
}
