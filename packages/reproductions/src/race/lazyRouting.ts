import { createPacer, type LinalgBackend, type Matrix, throwIfCancelled } from '@ggdln/core';
import { add, inner, matrix } from '@ggdln/linalg';
import { type RoutingNetwork, type RoutingState, trainRoutingNetwork } from '@ggdln/theory/race';
import { ROUTING } from './common.ts';

const CHUNK = 500;
const LIMIT = 40_000;

/** A network and its linearisation, both on the same pairs. Errors are ½ squared, means over untrained pairs. */
export interface LazyLimit {
  /** Relative change of the shared layer of the network with its initial output subtracted, and without. */
  readonly change: number;
  readonly uncentred: number;
  readonly untrained: number;
  readonly linearised: number;
}

/** A routing network trained with its initial output subtracted, and without, beside the network linearised at its start. */
export async function lazyRouting(
  network: RoutingNetwork,
  linalg: LinalgBackend,
  { signal, name }: { readonly signal?: AbortSignal; readonly name: string },
): Promise<LazyLimit> {
  const { theta, stable } = tangentKernel(network, linalg);
  const linearised = linearisedError(network, theta, linalg);
  const pace = createPacer();
  const train = async (centred: boolean): Promise<RoutingState> => {
    // Without centring the initial output is unlearned first, along which curvature grows.
    const rate = centred ? stable : stable / 2;
    for (let epochs = CHUNK; ; epochs *= 4) {
      throwIfCancelled(signal, name);
      const [state] = trainRoutingNetwork(network, { rate, kappa: ROUTING.kappa, epochs: [epochs], centred }, linalg);
      if ((state.trainedError ?? 0) <= 1e-6 || epochs >= LIMIT) return state;
      await pace();
    }
  };
  const changeOf = ({ shared }: RoutingState) => {
    const moved = add(shared, network.W2, 1, -1);
    return Math.sqrt(inner(moved, moved) / inner(network.W2, network.W2));
  };
  const centred = await train(true);
  return {
    change: changeOf(centred),
    uncentred: changeOf(await train(false)),
    untrained: centred.untrainedError ?? 0,
    linearised,
  };
}

/** Θ of the outputs of all pairs (input domain, output domain), row by row each, and a rate at 0.9 of the limit. */
function tangentKernel({ W1, W2, W3, target, gate }: RoutingNetwork, linalg: LinalgBackend) {
  const M = gate.rows;
  const size = target.rows * target.cols;
  const upper = W3.map((W) => linalg.gemm(W, W2));
  const lower = W1.map((W) => linalg.gemm(W2, W));
  const pairsOf = (list: readonly Matrix[], trans: boolean) =>
    list.map((x) => list.map((y) => linalg.gemm(x, y, trans ? { transA: true } : { transB: true })));
  const [decoders, encoders, uppers, lowers] = [
    pairsOf(W3, false),
    pairsOf(W1, true),
    pairsOf(upper, false),
    pairsOf(lower, true),
  ];
  const theta = matrix(M * M * size, M * M * size);
  for (let a = 0; a < M; a++) {
    for (let b = 0; b < M; b++) {
      for (let c = 0; c < M; c++) {
        for (let d = 0; d < M; d++) {
          const [row, col] = [(a * M + b) * size, (c * M + d) * size];
          addKronecker(theta, row, col, decoders[b][d], encoders[a][c]);
          if (a === c) addKronecker(theta, row, col, uppers[b][d], undefined);
          if (b === d) addKronecker(theta, row, col, undefined, lowers[a][c]);
        }
      }
    }
  }
  const trained = placesOf(gate, size, 1);
  const { values } = linalg.symmetricEigen(part(theta, trained, trained));
  return { theta, stable: 0.9 / (2 * ROUTING.kappa * values[values.length - 1]) };
}

/** Adds A ⊗ B at a block; the identity where one is undefined. */
function addKronecker(out: Matrix, row: number, col: number, A: Matrix | undefined, B: Matrix | undefined): void {
  const [n, m] = [A?.rows ?? SEVEN, B?.rows ?? FOUR];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const first = A ? A.data[i * n + j] : Number(i === j);
      if (first === 0) continue;
      for (let k = 0; k < m; k++) {
        for (let l = 0; l < m; l++) {
          const second = B ? B.data[k * m + l] : Number(k === l);
          out.data[(row + i * m + k) * out.cols + col + j * m + l] += first * second;
        }
      }
    }
  }
}

/** Features and items of the semantic data. */
const [SEVEN, FOUR] = [7, 4];

/** Mean ½|error|² of untrained pairs after the minimum-norm fit of the linear model from 0. */
function linearisedError({ target, gate }: RoutingNetwork, theta: Matrix, linalg: LinalgBackend): number {
  const size = target.rows * target.cols;
  const [trained, others] = [1, 0].map((kind) => placesOf(gate, size, kind));
  const wanted = matrix(
    trained.length,
    1,
    Float64Array.from(trained, (place) => target.data[place % size]),
  );
  const fit = linalg.leastSquares(part(theta, trained, trained), wanted);
  const outputs = linalg.gemm(part(theta, others, trained), fit);
  const squares = outputs.data.reduce((sum, value, i) => sum + (value - target.data[others[i] % size]) ** 2, 0);
  return squares / 2 / (others.length / size);
}

function placesOf(gate: Matrix, size: number, kind: number): number[] {
  return Array.from(gate.data).flatMap((value, pair) =>
    value === kind ? Array.from({ length: size }, (_, k) => pair * size + k) : [],
  );
}

function part(a: Matrix, rows: readonly number[], cols: readonly number[]): Matrix {
  const out = matrix(rows.length, cols.length);
  rows.forEach((row, i) => {
    cols.forEach((col, j) => {
      out.data[i * cols.length + j] = a.data[row * a.cols + col];
    });
  });
  return out;
}
