import { inputError, type Matrix, resolveOptions, type TheoryResult } from '@ggdln/core';
import { toRows } from '@ggdln/linalg';
import { requireWritable, writeMatrices } from '../arrays.ts';
import type { Command, Session } from '../command.ts';
import { schemaFlags, schemaValues } from '../entryFlags.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, type Flag, flagValue } from '../flags.ts';
import { describeErrors, describeProblem, firstWord, previewOutputs, runContext, traitsOf } from '../part.ts';
import { type GivenProblem, problemFlags, problemFromFlags } from '../problemFlags.ts';
import { alignColumns } from '../terminal.ts';

const DEFAULT_THEORY = 'ggdln';

/** `ggdln solve THEORY`: arrays in, arrays out. */
export const solveCommand: Command = {
  name: 'solve',
  usage: 'solve [THEORY] --X FILE --Y FILE [flags]',
  summary: 'Solve a theory on your own arrays',
  description:
    'Solves a theory on arrays from NPY, NPZ or CSV files and writes mean, variance and order parameters to an NPZ file\n' +
    'that numpy.load reads. With --json the same goes to standard output.',
  flags: (argv, { registry }): Flag[] => [
    ...problemFlags(argv, registry),
    { name: 'out', value: 'FILE.npz', help: 'Where to write the result' },
    ...schemaFlags(registry.get('theory', firstWord(argv) ?? DEFAULT_THEORY).options, '', 'Options of the theory'),
  ],
  run: solve,
};

async function solve(args: Arguments, session: Session): Promise<number> {
  const name = args.positionals[0] ?? DEFAULT_THEORY;
  const entry = session.registry.get('theory', name);
  const solver = entry.create(resolveOptions(entry.options, schemaValues(entry.options, args), `theory ${name}`));
  requireWritable(flagValue(args, 'out'), session.cwd);
  const problem = await problemFromFlags(args, session);
  const misfit = entry.supports(traitsOf(problem));
  if (misfit) throw inputError(`ggdln solve ${name}`, misfit.reason, misfit.remedy);
  const { context, end } = await runContext(args, session, 'theory');
  const result = await solver.solve(problem, context).finally(end);
  const out = flagValue(args, 'out');
  const arrays = { mean: result.predictor.mean, variance: result.predictor.variance, ...result.orderParameters };
  if (out) writeMatrices(out, session.cwd, arrays);
  session.terminal.out(
    session.json ? `${JSON.stringify(asJson(name, result, arrays))}\n` : summary(name, result, problem, out),
  );
  return EXIT_CODES.ok;
}

function asJson(theory: string, result: TheoryResult, arrays: Readonly<Record<string, Matrix>>): object {
  return {
    theory,
    diagnostics: result.diagnostics,
    ...Object.fromEntries(Object.entries(arrays).map(([key, value]) => [key, toRows(value)])),
  };
}

function summary(theory: string, result: TheoryResult, problem: GivenProblem, out: string | undefined): string {
  const rows = Object.entries(result.diagnostics).map(([key, value]) => [key, Number(value.toPrecision(6)).toString()]);
  const { mean, variance } = result.predictor;
  const tail = out
    ? `Wrote mean, variance and order parameters to ${out}`
    : 'Nothing written; give --out FILE.npz to keep all of it';
  return `${theory} of ${describeProblem(problem)}\n\n${alignColumns(['diagnostic', 'value'], rows)}\n\n${describeErrors(problem, result.predictor)}${previewOutputs(mean, variance)}\n${tail}\n`;
}
