import type { Job } from '../job.ts';
import { essRate } from './essRate.ts';
import { gibbsSweep } from './gibbsSweep.ts';
import { largeSolve } from './largeSolve.ts';
import { ndkVolterra, ndkVolterraPairs } from './ndk.ts';
import { saddleEvaluation, saddleSolve, saddleSolveWasm, widthSweep } from './saddle.ts';
import { langevinNoise, langevinStep, trainStep, trainStepCompressed } from './training.ts';
import { trainStepPortable, trainStepWasm } from './trainingWasm.ts';

/** The jobs of the project as a whole, in the order of the page. */
export const jobs: readonly Job[] = [
  saddleEvaluation,
  saddleSolve,
  saddleSolveWasm,
  widthSweep,
  gibbsSweep,
  essRate,
  trainStep,
  langevinStep,
  langevinNoise,
  trainStepCompressed,
  trainStepWasm,
  trainStepPortable,
  ndkVolterra,
  ndkVolterraPairs,
  largeSolve,
];
