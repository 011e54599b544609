import type { ConformanceCase, Json, JsonObject } from '@ggdln/core';
import { type Matrix, toRows } from '@ggdln/linalg';
import type { GdlnData } from './data.ts';
import { descendGdln, gdlnConserved } from './descend.ts';
import { createGdln, type GdlnEdge, type GdlnNode } from './graph.ts';
import { kPathCase } from './kPathConformance.ts';
import { gdlnGradientByPaths, gdlnPathStatistics, gdlnPaths } from './paths.ts';
import { listAt, matrixOf, numberAt, objectAt, objectsAt } from './readStored.ts';
import { relabelledClasses, rotationAngles, routingGate, semanticItems } from './routingTask.ts';
import { gdlnForward, gdlnGradient } from './samples.ts';

const graphCase: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const nodes = objectsAt(inputs, 'nodes') as unknown as (GdlnNode & { readonly dim: number })[];
  const gdln = createGdln({
    nodes: nodes.map(({ id, dim, role }) => ({ id, width: dim, role })),
    edges: objectsAt(inputs, 'edges') as unknown as GdlnEdge[],
  });
  const weights = matricesAt(inputs, 'weights');
  const data: GdlnData = {
    inputs: matricesAt(inputs, 'x'),
    targets: matricesAt(inputs, 'y'),
    nodeGates: gatesAt(inputs, 'nodeGates'),
    edgeGates: gatesAt(inputs, 'edgeGates'),
  };
  const steps = listAt(inputs, 'steps') as number[];
  // The paths are ours; their order is that of the file, and what the file lacks comes first.
  const listed = listAt(inputs, 'paths').map((path) => JSON.stringify(path));
  const place = (path: readonly string[]) => listed.indexOf(JSON.stringify(path));
  const paths = gdlnPaths(gdln).sort((a, b) => place(a) - place(b));
  const statistics = gdlnPathStatistics(gdln, paths, data, linalg);
  const activity = gdlnForward(gdln, weights, data, linalg);
  const { loss, gradients } = gdlnGradient(gdln, weights, data, linalg);
  const course = descendGdln(weights, (at) => gdlnGradient(gdln, at, data, linalg), {
    rate: numberAt(params, 'params.lr'),
    steps,
  });
  return {
    outputs: rowsOf(Object.fromEntries(Object.keys(data.targets).map((id) => [id, activity[id]]))),
    loss,
    gradient: rowsOf(gradients),
    paths: paths.map((path) => [...path]),
    sigmaYX: statistics.sigmaYX.map(toRows),
    sigmaX: statistics.sigmaX.map(({ j, p, value }) => ({ j, p, value: toRows(value) })),
    pathError: gdlnGradientByPaths(gdln, weights, statistics, linalg).pathErrors.map(toRows),
    conserved: rowsOf(gdlnConserved(gdln, weights, linalg)),
    gradientDescentLoss: { steps, loss: course.map((state) => state.loss) },
  };
};

const gates: ConformanceCase = async ({ inputs }, { linalg }) => {
  const cases = listAt(inputs, 'gateCases') as unknown as {
    readonly M: number;
    readonly mode: string;
    readonly numClasses?: number | null;
    readonly permutation?: number[];
  }[];
  const semantic = semanticItems();
  const { s, v } = linalg.svd(semantic);
  const top = toRows(v).map(([first]) => first);
  const sign = Math.sign(top[0]);
  return {
    gates: cases.map(({ M, mode, numClasses, permutation }) =>
      toRows(
        routingGate(M, mode, {
          ...(typeof numClasses === 'number' ? { classes: numClasses } : {}),
          ...(permutation ? { permutation } : {}),
        }),
      ),
    ),
    targetMap: Object.fromEntries([0, 1, 2, 39, 99].map((domain) => [domain, relabelledClasses(domain, 10)])),
    rotationAngles40: rotationAngles(40),
    semanticY: toRows(semantic),
    semanticSingularValues: Array.from(s),
    // A singular vector has no sign of its own.
    semanticTopRightVector: top.map((value) => value * sign),
  };
};

/** The cases of gated deep linear networks in a fixture file, by their `compute` field. */
export const gdlnConformance: Readonly<Record<string, ConformanceCase>> = {
  'gdln.graph': graphCase,
  'gdln.gates': gates,
  'gdln.kpath': kPathCase,
};

/** A gate that is missing counts as 1, and so do all of a kind. */
function gatesAt(values: JsonObject, name: string): Record<string, number[]> {
  return Object.hasOwn(values, name) ? (objectAt(values, name) as unknown as Record<string, number[]>) : {};
}

function matricesAt(values: JsonObject, name: string): Record<string, Matrix> {
  const entries = Object.entries(objectAt(values, name));
  return Object.fromEntries(entries.map(([id, rows]) => [id, matrixOf(rows, `inputs.${name}.${id}`)]));
}

function rowsOf(matrices: Readonly<Record<string, Matrix>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(matrices).map(([id, value]) => [id, toRows(value)]));
}
