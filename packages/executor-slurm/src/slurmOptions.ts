import {
  type BooleanOption,
  boolean,
  type IntegerOption,
  inputError,
  integer,
  type OptionValues,
  type TextOption,
  text,
} from '@ggdln/core';

type Texts = 'partition' | 'time' | 'memory' | 'account' | 'setup' | 'node' | 'extra';
type Integers = 'cpus' | 'throttle' | 'tasksPerJob' | 'retries' | 'poll' | 'grace';
type SlurmSchema = { readonly [Name in Texts]: TextOption } & { readonly [Name in Integers]: IntegerOption } & {
  readonly keep: BooleanOption;
};

/** The options of the executor `slurm`; texts are handed to `sbatch` as they are, and left out where they are empty. */
export const slurmOptions: SlurmSchema = {
  partition: text({ title: 'Partition', default: '', help: 'Partition that jobs go to; empty: the default one' }),
  time: text({ title: 'Time limit', default: '', help: 'Of an array element, e.g. 02:00:00; empty: the partition’s' }),
  memory: text({ title: 'Memory', default: '', help: 'Of an array element, e.g. 4G; empty: the partition’s' }),
  cpus: integer({
    title: 'Cores',
    min: 1,
    default: 1,
    help: 'Cores and BLAS threads of an array element; more than 1 changes the last bits',
  }),
  account: text({ title: 'Account', default: '', help: 'Account that is charged' }),
  throttle: integer({
    title: 'Throttle',
    min: 1,
    max: 1000,
    default: 16,
    help: 'Array elements that run at the same time, at most',
  }),
  tasksPerJob: integer({
    title: 'Tasks per job',
    min: 0,
    default: 0,
    help: 'Tasks of one array element; 0: spread evenly over as many elements as may run at once',
  }),
  retries: integer({
    title: 'Retries',
    min: 0,
    max: 20,
    default: 2,
    help: 'How often a task is submitted again after its process died',
  }),
  poll: integer({ title: 'Poll', unit: 'seconds', min: 1, default: 10, help: 'Time between two questions to squeue' }),
  grace: integer({
    title: 'Grace',
    unit: 'seconds',
    min: 0,
    default: 60,
    help: 'Time before its limit at which an element stops by itself; 0: it does not',
  }),
  setup: text({ title: 'Set-up', default: '', help: 'Shell command before Node starts, e.g. module load nodejs' }),
  node: text({
    title: 'Node',
    default: '',
    help: 'Node on the compute nodes; empty: the path of the one that runs here',
  }),
  extra: text({
    title: 'Extra',
    default: '',
    help: 'More options of sbatch, by semicolons, e.g. --qos=low; --nice=100',
  }),
  keep: boolean({ title: 'Keep', default: false, help: 'Keep scripts, results and logs when all is done' }),
};

/** Values of {@link slurmOptions}. */
export type SlurmOptions = OptionValues<SlurmSchema>;

const where = 'executor slurm';
const TIME = /^(\d+-)?\d+(:\d+){0,2}$/;
const MEMORY = /^\d+[KMGT]?$/i;

/** Refuses what would break the script, or what `sbatch` would refuse after everything has been prepared. */
export function checkSlurmOptions(options: SlurmOptions): void {
  for (const name of ['partition', 'account', 'node', 'setup', 'extra'] as const) {
    if (/[\n\r]/.test(options[name]))
      throw inputError(`${where}.${name}`, 'the text has several lines', 'Give one line');
  }
  for (const name of ['partition', 'account'] as const) {
    if (!/^[\w.,@+-]*$/.test(options[name])) {
      throw inputError(`${where}.${name}`, `"${options[name]}" is no name`, 'Give letters, digits and _ . , @ + -');
    }
  }
  if (options.time !== '' && !TIME.test(options.time)) {
    throw inputError(`${where}.time`, `"${options.time}" is no time limit`, 'Give minutes, 02:00:00 or 1-12:00:00');
  }
  if (options.memory !== '' && !MEMORY.test(options.memory)) {
    throw inputError(`${where}.memory`, `"${options.memory}" is no amount of memory`, 'Give e.g. 800M or 4G');
  }
  for (const option of extraLines(options)) {
    if (!option.startsWith('-')) {
      throw inputError(`${where}.extra`, `"${option}" is no option of sbatch`, 'Give e.g. --qos=low; --nice=100');
    }
  }
}

/** The options of sbatch that `extra` lists. */
export function extraLines({ extra }: Pick<SlurmOptions, 'extra'>): string[] {
  return extra
    .split(';')
    .map((option) => option.trim())
    .filter((option) => option !== '');
}
