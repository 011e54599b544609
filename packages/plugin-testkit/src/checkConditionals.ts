import type { ConditionallyGaussian, GatedInputs, GaussianBlock, Matrix } from '@ggdln/core';
import { columnVector, matrix } from '@ggdln/linalg';
import { type Check, demand } from './check.ts';
import { demandClose, demandMatrix, demandNotNegative, demandSameBits, relativeDistance } from './compare.ts';
import { type SampledNetwork, samplePrior } from './sampleNetwork.ts';

interface Conditional extends SampledNetwork {
  readonly conditionals: ConditionallyGaussian;
}

/**
 * What block Gibbs sampling relies on: each block's 𝒜 is the network's own linear map in that block, its adjoint is
 * the transpose, and 𝒜𝒜ᵀ is what it says. No checks when the network has no conditionals.
 */
export function checkConditionals(sample: () => SampledNetwork): Check[] {
  const { architecture } = sample();
  if (!architecture.conditionals) return [];
  const { conditionals } = architecture;
  const check = (name: string, run: (network: Conditional) => void): Check => ({
    name,
    run: () => run({ ...sample(), conditionals }),
  });
  return [
    check('updates every parameter in a sweep', ({ conditionals, parameters }) => {
      const blocks = [...conditionals.blocks].sort().join(', ');
      const names = Object.keys(parameters).sort().join(', ');
      demand(blocks === names, `a sweep updates ${blocks}, expected every parameter: ${names}`);
    }),
    check('agrees in each block with its own prediction', (network) => eachBlock(network, demandForward)),
    check('has a linear map in each block, independent of the block itself', (network) =>
      eachBlock(network, demandLinear),
    ),
    check('has the transpose as adjoint of each block', (network) => eachBlock(network, demandAdjoint)),
    check('has 𝒜𝒜ᵀ as Gram matrix of each block', (network) => eachBlock(network, demandGram)),
    check('gives the same blocks from a cache', (network) => eachBlock(network, demandCache)),
    check('predicts given the readout side as one block conditioned on the targets', demandConditionalPredictor),
  ];
}

type BlockCheck = (network: Conditional, name: string, block: GaussianBlock) => void;

function eachBlock(network: Conditional, run: BlockCheck): void {
  for (const name of network.conditionals.blocks) run(network, name, blockOf(network, name, network.train));
}

function blockOf({ conditionals, parameters, linalg }: Conditional, name: string, inputs: GatedInputs): GaussianBlock {
  return conditionals.block(name, parameters, inputs, linalg);
}

function demandForward(
  { architecture, parameters, train, linalg }: Conditional,
  name: string,
  block: GaussianBlock,
): void {
  demand(
    block.size === parameters[name].length,
    `${name} has ${parameters[name].length} weights, its block ${block.size}, expected as many`,
  );
  const prediction = architecture.predict(parameters, train, linalg).data;
  demandClose(`forward of ${name} against the prediction`, block.forward(parameters[name]), prediction);
}

function demandLinear(network: Conditional, name: string, block: GaussianBlock): void {
  const others = samplePrior(network.architecture, network.dimensions, 'other weights');
  const own = network.parameters[name];
  const sum = own.map((weight, i) => 2 * weight - 3 * others[name][i]);
  const [first, second] = [block.forward(own), block.forward(others[name])];
  const expected = first.map((value, i) => 2 * value - 3 * second[i]);
  demandClose(`forward of 2u − 3v in ${name}`, block.forward(sum), expected);
  const changed = { ...network, parameters: { ...network.parameters, [name]: others[name] } };
  demandClose(`forward of ${name} made at other ${name}`, blockOf(changed, name, network.train).forward(own), first);
}

function demandAdjoint({ Y }: Conditional, name: string, block: GaussianBlock): void {
  const columns = unitVectors(Y.data.length).map((unit) => block.adjoint(unit));
  // Row μ of 𝒜 is 𝒜ᵀe_μ; the whole of 𝒜 follows from it, so that forward must be its product with any weights.
  if (block.addAdjoint) {
    const weights = columns[0].map((_, i) => i + 1);
    const expected = columns[0].map((value, i) => i + 1 - 2 * value);
    block.addAdjoint(unitVectors(Y.data.length)[0], -2, weights);
    demandClose(`weights with addAdjoint of ${name} times −2`, weights, expected);
  }
  for (let weight = 0; weight < block.size; weight++) {
    const unit = new Float64Array(block.size);
    unit[weight] = 1;
    demandClose(
      `column ${weight} of ${name}, forward against adjoint`,
      block.forward(unit),
      columns.map((row) => row[weight]),
    );
  }
}

function demandGram({ Y }: Conditional, name: string, block: GaussianBlock): void {
  const gram = block.gram();
  const rows = gram.rows === Y.rows ? Y.rows : Y.data.length;
  demandMatrix(`Gram matrix of ${name}`, gram, rows, rows);
  const entry = entries(gram, Y.data.length);
  unitVectors(Y.data.length).forEach((unit, column) => {
    const found = unit.map((_, row) => entry(row, column));
    demandClose(`column ${column} of the Gram matrix of ${name}`, found, block.forward(block.adjoint(unit)));
  });
}

function demandCache(network: Conditional, name: string, block: GaussianBlock): void {
  const { conditionals, parameters, train, linalg } = network;
  const cache = new Map();
  const cached = () => conditionals.block(name, parameters, train, linalg, cache);
  for (const found of [cached(), cached()]) {
    demandSameBits(`Gram matrix of ${name} from a cache`, found.gram().data, block.gram().data);
    const lower = found.gram({ lowerOnly: true });
    demandSameBits(`lower triangle of the Gram matrix of ${name}`, belowDiagonal(lower), belowDiagonal(block.gram()));
    demandSameBits(`forward of ${name} from a cache`, found.forward(parameters[name]), block.forward(parameters[name]));
  }
}

/** The entries on and below the diagonal. */
function belowDiagonal({ cols, data }: Matrix): Float64Array {
  return data.filter((_, at) => at % cols <= Math.floor(at / cols));
}

/** Of 𝒜𝒜ᵀ with `size` rows, from itself or from the matrix that all outputs share: 𝒜𝒜ᵀ = G ⊗ I_C. */
function entries(gram: Matrix, size: number): (row: number, column: number) => number {
  const outputs = size / gram.rows;
  return (row, column) =>
    row % outputs === column % outputs
      ? gram.data[Math.floor(row / outputs) * gram.cols + Math.floor(column / outputs)]
      : 0;
}

/** Integrating a block out is Gaussian algebra on its Gram matrix over training and test inputs together. */
function demandConditionalPredictor(network: Conditional): void {
  const { conditionals, parameters, train, test, Y, temperature, linalg } = network;
  const problem = { train, y: Y.data, test, temperature };
  const { mean, variance } = conditionals.conditionalPredictor(parameters, problem, linalg);
  demandNotNegative('conditional variance', variance);
  const distances = conditionals.blocks.map((name) => {
    const expected = conditionedOn(network, name);
    return Math.max(relativeDistance(mean, expected.mean), relativeDistance(variance, expected.variance));
  });
  const named = conditionals.blocks.map((name, i) => `${name} ${distances[i]}`).join(', ');
  demand(
    Math.min(...distances) < 1e-8,
    `distance from each block conditioned on the targets: ${named}; expected one below 1e-8`,
  );
}

function conditionedOn(network: Conditional, name: string): { mean: Float64Array; variance: Float64Array } {
  const { train, test, Y, temperature, linalg, architecture } = network;
  const stacked = {
    X: stack(train.X, test.X),
    gates: train.gates.map((gates, layer) => stack(gates, test.gates[layer])),
  };
  const P = Y.data.length;
  const tests = test.X.rows * Y.cols;
  const gram = entries(blockOf(network, name, stacked).gram(), P + tests);
  const scale = architecture.sigma ** 2;
  const entry = (i: number, j: number) => scale * gram(i, j);
  const K = matrix(P, P);
  for (let i = 0; i < P * P; i++) K.data[i] = entry(Math.floor(i / P), i % P) + (i % (P + 1) === 0 ? temperature : 0);
  const factor = linalg.cholesky(K);
  const solve = (b: Float64Array) => linalg.choleskySolve(factor, columnVector(b)).data;
  const beta = solve(Y.data);
  const rows = Array.from({ length: tests }, (_, t) => Float64Array.from({ length: P }, (_, i) => entry(P + t, i)));
  return {
    mean: Float64Array.from(rows, (row) => dot(row, beta)),
    variance: Float64Array.from(rows, (row, t) => entry(P + t, P + t) - dot(row, solve(row))),
  };
}

function stack(a: Matrix, b: Matrix): Matrix {
  const out = matrix(a.rows + b.rows, a.cols);
  out.data.set(a.data);
  out.data.set(b.data, a.data.length);
  return out;
}

function unitVectors(n: number): Float64Array[] {
  return Array.from({ length: n }, (_, i) => {
    const unit = new Float64Array(n);
    unit[i] = 1;
    return unit;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
