export { tensorWasmPaths } from './tensorWasmPaths.ts';
