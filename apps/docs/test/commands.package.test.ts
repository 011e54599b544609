import { testCommands } from './testCommands.ts';

// The pages that a stranger reads first; all of them run in the nightly tests.
const FIRST = ['guide/first-experiment.md', 'guide/solve.md', 'guide/trouble.md', 'guide/python-and-r.md'];

testCommands((path) => FIRST.includes(path));
