import { relative } from 'node:path';
import { GgdlnError, inputError, PLUGIN_KINDS, type Registry } from '@ggdln/core';
import { createPlugin, nextSteps, readKind, TEMPLATE_KINDS, type TemplateKind } from '@ggdln/create-plugin';
import type { Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, flagValue } from '../flags.ts';
import { alignColumns } from '../terminal.ts';

const where = 'ggdln plugins new';

/** `ggdln plugins new KIND NAME [--dir DIR]`: a package to start from. */
export function newPlugin(args: Arguments, session: Session): number {
  const [, word, name, ...rest] = args.positionals;
  if (word === undefined || name === undefined) {
    const kinds = TEMPLATE_KINDS.join(', ');
    throw inputError(where, 'no kind and name are given', `Write ${where} KIND NAME; KIND is one of ${kinds}`);
  }
  if (rest.length > 0) throw inputError(where, `too many words: ${rest.join(' ')}`, 'Give a kind and a name');
  const kind = readKind(where, word);
  requireFree(session.registry, kind, name);
  const folder = flagValue(args, 'dir');
  const made = createPlugin({ kind, name, cwd: session.cwd, ...(folder === undefined ? {} : { folder }) });
  const { terminal, json, cwd } = session;
  const steps = nextSteps(kind, made.entry);
  if (json) {
    terminal.out(`${JSON.stringify({ kind, name, ...made, next: steps.map(([command]) => command) })}\n`);
    return EXIT_CODES.ok;
  }
  const place = relative(cwd, made.folder);
  const enter = place === '' ? [] : [[`  cd ${place}`, '']];
  const lines = [...enter, ...steps.map(([command, does]) => [`  ${command}`, does])];
  terminal.out(`${made.folder}\n${made.files.map((file) => `  ${file}\n`).join('')}\n`);
  terminal.out(`${alignColumns(['Next', ''], lines, 2)}\n`);
  return EXIT_CODES.ok;
}

/** An entry of a taken name could never be loaded beside the one that has it. */
function requireFree(registry: Registry, kind: TemplateKind, name: string): void {
  const registered = PLUGIN_KINDS.find((candidate) => candidate === kind);
  if (registered === undefined) return;
  const entry = name.split('/').at(-1);
  const taken = registry.list(registered).find((item) => item.name === entry);
  if (!taken) return;
  throw new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where,
    problem: `there is a ${kind} "${entry}" already, of ${taken.plugin}`,
    remedy: `Give it another name, e.g. my-${entry}`,
  });
}
