export { standardPlugins } from './standardPlugins.ts';
