import { testCommands } from './testCommands.ts';

testCommands(() => true);
