import type { ProblemView } from '@ggdln/core';
import type { JSX } from 'preact';
import type { ComposeContext } from './context.ts';
import type { SharedKind } from './parts.ts';
import { extentOf, gateVectors, openShares, rowOf, type Shade, shadesOf } from './pictures.ts';

const THUMBS = 7;
const MOST_GATES = 14;
const DIVERGING = 7;
const GREYS = 10;

/** A look at what a stage makes, as soon as it is made: examples of a dataset, gates of a gating. */
export function Preview(props: {
  readonly context: ComposeContext;
  readonly kind: SharedKind;
  readonly layer: number;
}): JSX.Element | null {
  const { context, kind, layer } = props;
  const { problem } = context;
  if (!problem) return null;
  if (kind === 'gating') return <GatePreview problem={problem} layer={layer} />;
  if (kind !== 'dataset') return null;
  const { trainX, image } = problem;
  const size = `${problem.trainSize} training and ${problem.testSize} test examples of ${trainX.cols} inputs`;
  return (
    <div class="compose-preview">
      {image && <Digits problem={problem} image={image} />}
      {!image && trainX.cols === 2 && <Scatter problem={problem} />}
      {!image && trainX.cols !== 2 && <Rows problem={problem} />}
      <p class="compose-caption num">{size}</p>
    </div>
  );
}

/** One small picture with a caption. */
function Picture(props: {
  readonly shades: readonly Shade[];
  readonly width: number;
  readonly height: number;
  readonly look: 'grey' | 'diverging';
  readonly side: number;
}): JSX.Element {
  const { shades, width, height, look, side } = props;
  const size = { width: (side * width) / Math.max(width, height), height: (side * height) / Math.max(width, height) };
  return (
    <svg
      class="compose-picture"
      viewBox={`0 0 ${width} ${height}`}
      {...size}
      aria-hidden="true"
      preserveAspectRatio="none"
    >
      {shades.map(({ level, path }) => (
        <path
          key={level}
          d={path}
          {...(look === 'grey'
            ? { fill: 'currentColor', 'fill-opacity': String(level / (GREYS - 1)) }
            : { fill: `var(--div${level})` })}
        />
      ))}
    </svg>
  );
}

function Digits(props: { readonly problem: ProblemView; readonly image: readonly [number, number] }): JSX.Element {
  const { problem, image } = props;
  const count = Math.min(THUMBS, problem.trainX.rows);
  return (
    <div class="compose-thumbs" role="img" aria-label={`The first ${count} training images with their targets`}>
      {Array.from({ length: count }, (_, row) => {
        const values = rowOf(problem.trainX, row);
        const shades = shadesOf(values, image[1], extentOf(values), GREYS).filter(({ level }) => level > 0);
        return (
          <figure key={String(row)}>
            <Picture shades={shades} width={image[1]} height={image[0]} look="grey" side={26} />
            <figcaption class="num">{targetWords(rowOf(problem.trainY, row))}</figcaption>
          </figure>
        );
      })}
    </div>
  );
}

/** `+1` for one column; the number of the largest column, from 0, where each class has one. */
function targetWords(target: Float64Array): string {
  if (target.length > 1) return String(target.indexOf(Math.max(...target)));
  const [value] = target;
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${Number(Math.abs(value).toPrecision(2))}`;
}

/** Training inputs in their plane; circles have positive targets, triangles negative ones. */
function Scatter({ problem }: { readonly problem: ProblemView }): JSX.Element {
  const { trainX, trainY } = problem;
  const [low, high] = extentOf(trainX.data);
  const at = (value: number, length: number) => 4 + ((value - low) / Math.max(high - low, 1e-300)) * (length - 8);
  return (
    <svg class="compose-scatter" viewBox="0 0 220 120" role="img" aria-label="Training inputs in their plane">
      {Array.from({ length: Math.min(trainX.rows, 300) }, (_, row) => {
        const [x, y] = [at(trainX.data[2 * row], 220), 120 - at(trainX.data[2 * row + 1], 120)];
        return trainY.data[row * trainY.cols] > 0 ? (
          <circle key={String(row)} cx={x} cy={y} r="2.4" fill="var(--nom0)" />
        ) : (
          <path key={String(row)} d={`M${x} ${y - 3}l2.8 5h-5.6z`} fill="var(--nom1)" />
        );
      })}
    </svg>
  );
}

/** The first inputs as rows of a map. */
function Rows({ problem }: { readonly problem: ProblemView }): JSX.Element {
  const { trainX } = problem;
  const [rows, cols] = [Math.min(10, trainX.rows), Math.min(60, trainX.cols)];
  const values = Float64Array.from(
    { length: rows * cols },
    (_, i) => trainX.data[Math.floor(i / cols) * trainX.cols + (i % cols)],
  );
  const [low, high] = extentOf(values);
  const top = Math.max(Math.abs(low), Math.abs(high));
  return (
    <div role="img" aria-label={`The first ${rows} training inputs, a row each`}>
      <svg class="compose-rows" viewBox={`0 0 ${cols} ${rows}`} preserveAspectRatio="none" aria-hidden="true">
        {shadesOf(values, cols, [-top, top], DIVERGING).map(({ level, path }) => (
          <path key={level} d={path} fill={`var(--div${level})`} />
        ))}
      </svg>
    </div>
  );
}

/** Weights of the gates where they are pictures, the share of inputs that each is open at, and what to know of them. */
function GatePreview(props: { readonly problem: ProblemView; readonly layer: number }): JSX.Element | null {
  const { problem, layer } = props;
  const gates = problem.trainGates[layer] ?? problem.trainGates[0];
  const names = problem.gateNames[layer] ?? problem.gateNames[0];
  if (!gates || !names) return null;
  const { shares, dead } = openShares(gates);
  const vectors = gateVectors(problem.gatingStates[layer] ?? problem.gatingStates[0], problem.trainX.cols);
  const own = names.map((name, gate) => ({ name, gate })).filter(({ name }) => name !== 'always on');
  const words = own.map(({ name, gate }) => `${name} ${Math.round(shares[gate])} %`).join(', ');
  const { image } = problem;
  return (
    <div class="compose-preview">
      {own.length > 0 && (
        <div
          class="compose-thumbs"
          role="img"
          aria-label={`Share of training inputs that each gate is open at: ${words}`}
        >
          {own.slice(0, MOST_GATES).map(({ name, gate }, index) => (
            <figure key={name} title={name}>
              {image && vectors?.length === own.length ? (
                <Weights vector={vectors[index]} image={image} />
              ) : (
                <Bar share={shares[gate]} />
              )}
              <figcaption class="num">{Math.round(shares[gate])} %</figcaption>
            </figure>
          ))}
          {own.length > MOST_GATES && <span class="compose-caption">and {own.length - MOST_GATES} more</span>}
        </div>
      )}
      {dead > 0 && (
        <p class="compose-problem">
          {dead} of {gates.rows} training inputs have every gate shut: the network answers 0 there. Add an always-on
          gate or more gates.
        </p>
      )}
    </div>
  );
}

function Weights(props: {
  readonly vector: readonly number[];
  readonly image: readonly [number, number];
}): JSX.Element {
  const { vector, image } = props;
  const top = Math.max(...vector.map(Math.abs));
  const shades = shadesOf(vector, image[1], [-top, top], DIVERGING);
  return <Picture shades={shades} width={image[1]} height={image[0]} look="diverging" side={28} />;
}

function Bar({ share }: { readonly share: number }): JSX.Element {
  return (
    <svg class="compose-picture" viewBox="0 0 28 28" width="28" height="28" aria-hidden="true">
      <rect width="28" height="28" fill="var(--seq0)" />
      <rect y={28 - 0.28 * share} width="28" height={0.28 * share} fill="var(--seq2)" />
    </svg>
  );
}
