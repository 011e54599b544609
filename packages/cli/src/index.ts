export { EXIT_CODES } from './exitCodes.ts';
export { main, type Surroundings } from './main.ts';
