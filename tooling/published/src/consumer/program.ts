// A user's Node program: portable and tensor packages, WebAssembly found without being told where.
import { portableNumbers } from './portableChecks.ts';
import { tensorNumbers } from './tensorChecks.ts';

const portable = await portableNumbers();
const tensor = await tensorNumbers('wasm');
console.log(JSON.stringify({ portable, tensor }));
