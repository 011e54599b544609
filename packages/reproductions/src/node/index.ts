export { countChecks, describeCheck, markdownReport, withError } from './describeReport.ts';
export { writeReproduction } from './writeReproduction.ts';
