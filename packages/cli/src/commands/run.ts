import { resolve } from 'node:path';
import { type ExperimentEvent, type ExperimentResult, resolveSpec } from '@ggdln/experiments';
import { writeResults } from '@ggdln/experiments/node';
import type { Command, Session } from '../command.ts';
import { computeExperiment, dryRun, printJobs, resultJson, withTensor } from '../computeExperiment.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, type Flag, flagValue, isOn } from '../flags.ts';
import { executorFlags } from '../jobs.ts';
import { createRunReporter } from '../runReporter.ts';
import { describeResult } from '../runSummary.ts';
import { pluginsOfSpec, specFlags, specFromFlags, studyFileOf } from '../specFlags.ts';
import { runStudyFile } from '../studyRun.ts';
import { writeFigures } from '../writeFigures.ts';

/** `ggdln run EXPERIMENT`: theory and learners on the same problem, laid side by side. */
export const runCommand: Command = {
  name: 'run',
  usage: 'run [EXPERIMENT.yaml] [flags]',
  summary: 'Run an experiment: theory beside learners on the same problem',
  description:
    'Runs the experiment or the study of a YAML or JSON file; without a file, a small synthetic one that the flags change and that\n' +
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
  const study = args.positionals.length === 1 ? studyFileOf(args.positionals, session.cwd) : undefined;
  if (study) return runStudyFile(study, args, session);
  const spec = withTensor(resolveSpec(specFromFlags(args, session), session.registry), session);
  if (isOn(args, 'dry-run')) return dryRun(spec, session);
  const out = resolve(session.cwd, flagValue(args, 'out') ?? `runs/${spec.name}`);
  if (isOn(args, 'print-jobs')) return printJobs(spec, out, args, session);
  const reporter = createRunReporter(session.terminal);
  const note = (text: string) => reporter.note(text);
  const manner = { note, onEvent: (event: ExperimentEvent) => reporter.event(event) };
  const finish = async (result: ExperimentResult) => {
    reporter.note('Writing results');
    const files = await writeResults(out, result, { versions: { ggdln: session.version } });
    const figures = await writeFigures(out, result, { ...session, note });
    return { result, written: [...figures, ...files] };
  };
  const { result, written } = await computeExperiment(spec, out, args, session, manner, finish).finally(() =>
    reporter.end(),
  );
  session.terminal.out(
    session.json ? `${JSON.stringify(asJson(result, out, written))}\n` : describeResult(result, out, written, session),
  );
  return result.failures.length > 0 ? EXIT_CODES.numerical : EXIT_CODES.ok;
}

function asJson(result: ExperimentResult, out: string, files: readonly string[]): object {
  const { table, comparison, diagnostics } = result;
  return {
    ...resultJson(result, out, files),
    rows: table.rows,
    comparison: comparison.rows,
    diagnostics: diagnostics.rows,
  };
}
