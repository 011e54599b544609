export { balancedStrength, type Pathway, type UnbalancedPathway, unbalancedStrength } from './depth2.ts';
export { type GatedUnits, type GatedUnitsState, trainGatedUnits } from './gatedUnits.ts';
export { type DenseSolution, type IntegrateOptions, integrate, integrateDense } from './integrate.ts';
export type { PathCorrelations } from './pathCorrelations.ts';
export { type CompetingPathways, competingPathways, escapeTime } from './pathways.ts';
export { type RaceGroup, type RaceMode, raceModes } from './raceModes.ts';
export {
  type RoutingClosedForm,
  type RoutingMode,
  type RoutingStrengths,
  routingClosedForm,
  routingLoss,
  routingRace,
  routingRecursion,
  sharedRouteSpeedUp,
} from './routing.ts';
export {
  type RoutingNetwork,
  type RoutingState,
  type RoutingTraining,
  trainRoutingNetwork,
} from './routingNetwork.ts';
export { type RacePath, type RaceState, type ScalarRace, scalarRace } from './scalarRace.ts';
export type { Derivative, Tolerances } from './stepper.ts';
export { type XorRace, xorRace } from './xor.ts';
