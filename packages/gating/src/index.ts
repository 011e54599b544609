export { ALWAYS_ON, alwaysOnGates, withAlwaysOn } from './alwaysOn.ts';
export { deadInputs, type GateReport, gateReport } from './gateReport.ts';
export { gatingPlugin } from './gatingPlugin.ts';
export { drawHalfSpaces, type HalfSpaces, type HalfSpacesOptions, halfSpaceGates } from './halfSpaces.ts';
export { oneHotTaskGates } from './oneHotTasks.ts';
