export { createWasmBackend } from '@ggdln/linalg';
export { solveGgdln } from '@ggdln/theory';
