import type { Reproduction } from '../reproduction.ts';
import { depth } from './depth.ts';
import { forgetting } from './forgetting.ts';
import { mnistSequences } from './mnistSequences.ts';
import { multiHead } from './multiHead.ts';
import { orderParameters } from './orderParameters.ts';
import { stiffness } from './stiffness.ts';
import { taskGates } from './taskGates.ts';

/** Of the paper on continual learning, in the order of its page. */
export const continualReproductions: readonly Reproduction[] = [
  forgetting,
  orderParameters,
  depth,
  stiffness,
  multiHead,
  taskGates,
  mnistSequences,
];
