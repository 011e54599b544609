import type { ExperimentEvent } from '@ggdln/experiments';
import { expect, it } from 'vitest';
import { createRunReporter } from '../src/runReporter.ts';
import type { Terminal } from '../src/terminal.ts';

it('says whose warning it is', () => {
  const told: string[] = [];
  const terminal = { interactive: false, quiet: false, err: (text) => told.push(text), out: () => {} } as Terminal;
  const warning = { code: 'short-batches', message: 'error bars may be too small' };
  const point = { source: 'langevin', axes: { 'architecture.width': 60 } };
  const reporter = createRunReporter(terminal);
  reporter.event({ type: 'warning', warning, point } as unknown as ExperimentEvent);
  reporter.event({ type: 'warning', warning } as unknown as ExperimentEvent);
  expect(told.join('')).toBe(
    '  Warning (langevin width 60): error bars may be too small\n  Warning: error bars may be too small\n',
  );
});
