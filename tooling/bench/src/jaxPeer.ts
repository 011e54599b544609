import type { numpy } from '@jax-js/jax';
import { type Contestant, type Peer, PeerAbsentError } from './job.ts';
import type { Net, TrainingProblem } from './jobs/training.ts';
import { timeRuns } from './timing.ts';

type Tensor = numpy.Array;
type Weights = Record<string, Tensor>;

/** The training step in jax-js on WebAssembly: loss, its gradient by jax-js itself, new weights, all in one `jit`. */
export function jaxPeer(problem: TrainingProblem, net: Net, stepSize: number): Peer {
  return { name: 'jax-js', start: () => start(problem, net, stepSize) };
}

async function start(
  { architecture, examples, parameters }: TrainingProblem,
  net: Net,
  stepSize: number,
): Promise<Contestant> {
  const jax = await import('@jax-js/jax').catch(() => {
    throw new PeerAbsentError('it is not installed; npm run bench installs it');
  });
  // Without the name it asks for `navigator`, which Node 20 lacks.
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  const np = jax.numpy;
  const tensor = (shape: readonly number[], values: Float64Array) =>
    np.array(Float32Array.from(values)).reshape([...shape]);
  const { inputs, targets } = examples;
  const [gates] = inputs.gates;
  const count = inputs.X.rows;
  const shapes = architecture.shapes({
    inputs: inputs.X.cols,
    gates: inputs.gates.map(({ cols }) => cols),
    outputs: 1,
  });
  let weights: Weights = Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => {
      const [rows] = shapes[name];
      return [name, tensor([rows, values.length / rows], values)];
    }),
  );
  const X = tensor([count, inputs.X.cols], inputs.X.data);
  const y = tensor([count, 1], targets.data);
  const phi = tensor([count, gates.cols], gates.data);

  // Every use of an array but its last takes a reference.
  const times = (h: Tensor, W: Tensor) => {
    const columns = W.shape[1];
    return np.matmul(h, np.matrixTranspose(W)).mul(1 / Math.sqrt(columns));
  };
  const between = (h: Tensor, open: Tensor) => {
    if (!net.gated) return jax.nn.relu(h);
    const units = h.shape[1];
    return open
      .reshape([count, gates.cols, 1])
      .mul(h.reshape([count, 1, units]))
      .reshape([count, gates.cols * units]);
  };
  const loss = (w: Weights, x: Tensor, open: Tensor, target: Tensor): Tensor => {
    let h = times(x, w.W1);
    for (let layer = 2; layer <= net.depth; layer++) h = times(between(h, open.ref), w[`W${layer}`]);
    const units = h.shape[1];
    const top = net.gated ? np.matmul(h, w.a).mul(open) : np.matmul(jax.nn.relu(h), w.a);
    const f = top
      .sum(1)
      .reshape([count, 1])
      .mul(1 / Math.sqrt(units * (net.gated ? gates.cols : 1)));
    return np.square(f.sub(target)).sum().mul(0.5);
  };
  const names = Object.keys(weights);
  const copies = (w: Weights): Weights => Object.fromEntries(names.map((name) => [name, w[name].ref]));
  const evaluate = jax.jit((w: Weights, x: Tensor, open: Tensor, target: Tensor) => {
    const [value, gradient] = jax.valueAndGrad(loss)(w, x, open, target);
    return [value, Object.fromEntries(names.map((name) => [name, gradient[name]]))] as [Tensor, Weights];
  });
  const step = jax.jit((w: Weights, x: Tensor, open: Tensor, target: Tensor) => {
    const [value, gradient] = jax.valueAndGrad(loss)(copies(w), x, open, target);
    return [value, Object.fromEntries(names.map((name) => [name, w[name].sub(gradient[name].mul(stepSize))]))] as [
      Tensor,
      Weights,
    ];
  });

  const [value, gradient] = evaluate(copies(weights), X.ref, phi.ref, y.ref);
  let square = 0;
  for (const name of names) for (const part of await gradient[name].data()) square += part * part;
  const check = { loss: (await value.data())[0], 'squared gradient': square };
  const run = async () => {
    const [, moved] = step(weights, X.ref, phi.ref, y.ref);
    weights = moved;
    // Arrays are promises of numbers: a step is done when its weights are there.
    for (const name of names) await weights[name].ref.data();
  };
  return { name: 'jax-js 0.1.25', check, time: (runs) => timeRuns(runs, run) };
}
