import type { Architecture, ArchitectureEntry, GatedInputs, Matrix, NetworkDimensions } from '@ggdln/core';
import { matrix, selectMatrixRows } from '@ggdln/linalg';
import { type Check, demand, demandRefusal } from './check.ts';
import { checkConditionals } from './checkConditionals.ts';
import { checkEntry } from './checkEntry.ts';
import { demandClose, demandFinite, demandMatrix, demandSameBits } from './compare.ts';
import { type ArchitectureSetup, type SampledNetwork, sampleNetwork, samplePrior } from './sampleNetwork.ts';

/** The contract of an architecture, as checks that need no test runner; `testArchitecture` runs them under vitest. */
export function checkArchitecture(entry: ArchitectureEntry, setup: ArchitectureSetup = {}): Check[] {
  const check = (name: string, run: (network: SampledNetwork) => void | Promise<void>): Check => ({
    name,
    run: async () => run(sampleNetwork(entry, setup)),
  });
  return [
    ...checkEntry(entry),
    check('has a family, widths and a prior deviation', ({ architecture: { family, widths, sigma } }) => {
      demand(family.trim() !== '', 'family is empty, expected a name that theories can declare');
      demand(
        widths.every((width) => Number.isInteger(width) && width > 0),
        `widths are ${widths}, expected whole numbers ≥ 1`,
      );
      demand(Number.isFinite(sigma) && sigma > 0, `sigma is ${sigma}, expected a finite number > 0`);
    }),
    check('has parameters whose shapes are counts', ({ architecture, dimensions }) =>
      demandShapes(architecture, dimensions),
    ),
    check('predicts a finite number for each input and output', ({ train, Y, ...network }) => {
      demandMatrix('prediction', predict(network, train), Y.rows, Y.cols);
    }),
    check('predicts an input the same alone as in a batch', demandRowIndependence),
    check('predicts the same bits again and leaves parameters and inputs as they are', demandUntouched),
    check('depends on every parameter', demandSensitivity),
    check('gives symmetric, finite order parameters', demandOrderParameters),
    check('refuses gates that do not fit the inputs, and parameters of the wrong size', demandRefusals),
    ...checkConditionals(() => sampleNetwork(entry, setup)),
  ];
}

type Predicting = Pick<SampledNetwork, 'architecture' | 'parameters' | 'linalg'>;

function predict({ architecture, parameters, linalg }: Predicting, inputs: GatedInputs): Matrix {
  return architecture.predict(parameters, inputs, linalg);
}

function demandShapes(architecture: Architecture, dimensions: NetworkDimensions): void {
  const shapes = Object.entries(architecture.shapes(dimensions));
  demand(shapes.length > 0, 'there are no parameters, expected the shape of each by name');
  for (const [name, shape] of shapes) {
    demand(
      shape.every((size) => Number.isInteger(size) && size > 0),
      `${name} has shape ${shape}, expected whole numbers ≥ 1`,
    );
  }
}

function demandRowIndependence({ train, ...network }: SampledNetwork): void {
  const all = predict(network, train);
  for (let row = 0; row < train.X.rows; row++) {
    const alone = predict(network, {
      X: selectMatrixRows(train.X, [row]),
      gates: train.gates.map((gates) => selectMatrixRows(gates, [row])),
    });
    demandClose(`prediction of input ${row} alone`, alone.data, selectMatrixRows(all, [row]).data, 1e-12);
  }
}

function demandUntouched({ train, ...network }: SampledNetwork): void {
  const arrays = [...Object.values(network.parameters), train.X.data, ...train.gates.map(({ data }) => data)];
  const before = arrays.map((data) => data.slice());
  const first = predict(network, train);
  demandSameBits('prediction made again', predict(network, train).data, first.data);
  arrays.forEach((data, i) => {
    demandSameBits('parameters and inputs afterwards', data, before[i]);
  });
}

function demandSensitivity({ train, ...network }: SampledNetwork): void {
  const before = predict(network, train).data;
  const others = samplePrior(network.architecture, network.dimensions, 'other weights');
  for (const name of Object.keys(network.parameters)) {
    const parameters = { ...network.parameters, [name]: others[name] };
    const after = predict({ ...network, parameters }, train).data;
    demand(
      after.some((value, i) => value !== before[i]),
      `the prediction does not depend on ${name}, expected it to on every parameter`,
    );
  }
}

function demandOrderParameters({ architecture, parameters, dimensions, linalg }: SampledNetwork): void {
  const found = Object.entries(architecture.orderParameters?.(parameters, dimensions, linalg) ?? {});
  for (const [name, value] of found) {
    demandMatrix(name, value, value.rows, value.rows);
    const transposed = value.data.map((_, i) => value.data[(i % value.cols) * value.cols + Math.floor(i / value.cols)]);
    demandClose(`${name} transposed`, transposed, value.data, 1e-12);
  }
}

async function demandRefusals({ train, ...network }: SampledNetwork): Promise<void> {
  const { rows, cols } = train.gates[0];
  const short = [matrix(rows - 1, cols), ...train.gates.slice(1)];
  await demandRefusal(`gates of ${rows - 1} inputs for ${rows}`, () => predict(network, { ...train, gates: short }));
  await demandRefusal('no gates', () => predict(network, { ...train, gates: [] }));
  for (const [name, values] of Object.entries(network.parameters)) {
    demandFinite(name, values);
    const parameters = { ...network.parameters, [name]: values.subarray(1) };
    await demandRefusal(`one number of ${name} missing`, () => predict({ ...network, parameters }, train));
  }
}
