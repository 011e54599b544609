import { type Estimate, inputError, type LearnerResult, type Matrix, resolveOptions } from '@ggdln/core';
import { toRows } from '@ggdln/linalg';
import { requireWritable, writeMatrices } from '../arrays.ts';
import type { Command, Session } from '../command.ts';
import { schemaFlags, schemaValues } from '../entryFlags.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, type Flag, flagValue } from '../flags.ts';
import {
  describeErrors,
  describeProblem,
  firstWord,
  previewOutputs,
  runContext,
  traitsOf,
  warnOfDeadInputs,
} from '../part.ts';
import { type GivenProblem, problemFlags, problemFromFlags } from '../problemFlags.ts';
import { alignColumns } from '../terminal.ts';

const DEFAULT_LEARNER = 'block-gibbs';

/** `ggdln sample LEARNER`: posterior samples or trained networks on the user's arrays. */
export const sampleCommand: Command = {
  name: 'sample',
  usage: 'sample [LEARNER] --X FILE --Y FILE [flags]',
  summary: 'Sample or train networks on your own arrays',
  description:
    'Runs a learner (exact block Gibbs sampling unless named otherwise) on arrays from NPY, NPZ or CSV files and writes\n' +
    'mean and variance of the output with their standard errors, and order parameters, to an NPZ file.',
  flags: (argv, { registry }): Flag[] => [
    ...problemFlags(argv, registry),
    { name: 'out', value: 'FILE.npz', help: 'Where to write the result' },
    ...schemaFlags(registry.get('learner', firstWord(argv) ?? DEFAULT_LEARNER).options, '', 'Options of the learner'),
  ],
  run: sample,
};

async function sample(args: Arguments, session: Session): Promise<number> {
  const name = args.positionals[0] ?? DEFAULT_LEARNER;
  const entry = session.registry.get('learner', name);
  const learner = entry.create(resolveOptions(entry.options, schemaValues(entry.options, args), `learner ${name}`));
  requireWritable(flagValue(args, 'out'), session.cwd);
  const problem = await problemFromFlags(args, session);
  const misfit = entry.supports(traitsOf(problem));
  if (misfit) throw inputError(`ggdln sample ${name}`, misfit.reason, misfit.remedy);
  const { context, end } = await runContext(args, session, 'learner');
  warnOfDeadInputs(problem, context);
  const result = await toTheEnd(learner.run(problem, context)).finally(end);
  const arrays = arraysOf(result);
  const out = flagValue(args, 'out');
  if (out) writeMatrices(out, session.cwd, arrays);
  session.terminal.out(
    session.json ? `${JSON.stringify(asJson(name, result, arrays))}\n` : summary(name, result, problem, out),
  );
  return EXIT_CODES.ok;
}

async function toTheEnd(run: AsyncGenerator<unknown, LearnerResult, void>): Promise<LearnerResult> {
  for (;;) {
    const { done, value } = await run.next();
    if (done) return value;
  }
}

function arraysOf(result: LearnerResult): Record<string, Matrix> {
  const arrays: Record<string, Matrix> = {};
  const add = (name: string, estimate: Estimate) => {
    arrays[name] = estimate.value;
    if (estimate.stderr) arrays[`${name}Stderr`] = estimate.stderr;
  };
  add('mean', result.predictor.mean);
  add('variance', result.predictor.variance);
  for (const [name, estimate] of Object.entries(result.orderParameters)) add(name, estimate);
  return arrays;
}

function asJson(learner: string, result: LearnerResult, arrays: Readonly<Record<string, Matrix>>): object {
  return {
    learner,
    diagnostics: result.diagnostics,
    ...Object.fromEntries(Object.entries(arrays).map(([key, value]) => [key, toRows(value)])),
  };
}

function summary(learner: string, result: LearnerResult, problem: GivenProblem, out: string | undefined): string {
  const rows = Object.entries(result.diagnostics).map(([key, { value, stderr }]) => [
    key,
    Number(value.toPrecision(5)).toString(),
    stderr === undefined ? '' : `± ${Number(stderr.toPrecision(2))}`,
  ]);
  const { mean, variance, batches } = result.predictor;
  const moments = { mean: mean.value, variance: variance.value, ...(batches ? { batches } : {}) };
  const tail = out
    ? `Wrote estimates with standard errors to ${out}`
    : 'Nothing written; give --out FILE.npz to keep all of it';
  return `${learner} of ${describeProblem(problem)}\n\n${alignColumns(['diagnostic', 'value', 's.e.'], rows)}\n\n${describeErrors(problem, moments)}${previewOutputs(mean.value, variance.value)}\n${tail}\n`;
}
