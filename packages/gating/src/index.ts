export { ALWAYS_ON, alwaysOn, alwaysOnGates, withAlwaysOn } from './alwaysOn.ts';
export { deadInputs, type GateReport, gateReport } from './gateReport.ts';
export { gatingPlugin } from './gatingPlugin.ts';
export { drawHalfSpaces, type HalfSpaces, type HalfSpacesOptions, halfSpaceGates, halfSpaces } from './halfSpaces.ts';
export { type OneHotTasksOptions, oneHotTaskGates, oneHotTasks } from './oneHotTasks.ts';
