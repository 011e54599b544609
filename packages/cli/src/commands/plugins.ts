import { inputError, PLUGIN_KINDS, unknownNameError } from '@ggdln/core';
import { TEMPLATE_KINDS } from '@ggdln/create-plugin';
import type { Command, Session } from '../command.ts';
import type { Arguments } from '../flags.ts';
import { listPlugins } from '../plugins/listPlugins.ts';
import { newPlugin } from '../plugins/newPlugin.ts';
import { TEST_FLAGS, testPlugin } from '../plugins/testPlugin.ts';

const ACTIONS: Readonly<Record<string, (args: Arguments, session: Session) => number | Promise<number>>> = {
  list: listPlugins,
  new: newPlugin,
  test: testPlugin,
};

/** `ggdln plugins list | new | test`. */
export const pluginsCommand: Command = {
  name: 'plugins',
  usage: 'plugins list|new|test',
  summary: 'List plugins, entries and options; make a new plugin; test one against its contract',
  description: [
    'plugins list [KIND [NAME]]   Lists plugins with their versions and the contract they are written for, and every',
    `                             entry. KIND is one of ${PLUGIN_KINDS.join(', ')};`,
    '                             with a NAME, its options are shown.',
    'plugins new KIND NAME        Makes a package that builds, type-checks and keeps its contract, to start from.',
    `                             KIND is one of ${TEMPLATE_KINDS.join(', ')}.`,
    'plugins test PLUGIN          Runs the contract suite of every entry of a module, a folder or an installed package;',
    '                             one line a check, exit code 1 where one fails.',
  ].join('\n'),
  flags: () => [{ name: 'dir', value: 'DIR', help: 'new: the folder to make', default: 'the name' }, ...TEST_FLAGS],
  run: async (args, session) => {
    const [action] = args.positionals;
    if (action === undefined) throw inputError('ggdln plugins', 'nothing to do is named', 'Say ggdln plugins list');
    if (!Object.hasOwn(ACTIONS, action)) {
      throw unknownNameError('ggdln plugins', 'action', action, Object.keys(ACTIONS));
    }
    return ACTIONS[action](args, session);
  },
};
