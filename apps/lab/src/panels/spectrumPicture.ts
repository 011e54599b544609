import { formatNumber } from '@ggdln/plot';
import { drawFrame, tickMargin } from '../charts/frame.ts';
import { lineMark, roleMark } from '../charts/marks.ts';
import type { Palette } from '../charts/palette.ts';
import { axisOf } from '../charts/scales.ts';
import { clipped, isInside, label, type Svg } from '../charts/svg.ts';
import type { ZoomFrame } from '../charts/zoom.ts';
import type { Spectrum } from './kernels.ts';
import type { Zoom } from './zoomControl.ts';

interface Sides {
  readonly theory: { readonly spectrum: Spectrum } | undefined;
  readonly sampled: { readonly spectrum: Spectrum } | undefined;
  readonly infinite: { readonly spectrum: Spectrum } | undefined;
}

const TOP = 26;
const HEIGHT = 112;
/** Eigenvalues this far below the largest are rounding. */
const FLOOR = 1e-8;

interface SpectrumPicture {
  readonly width: number;
  readonly height: number;
  readonly svg: Svg;
  readonly sentence: string;
  readonly frames: readonly ZoomFrame[];
}

/** Eigenvalues of K(U) against their rank, both logarithmic. */
export function spectrumPicture(
  { theory, sampled, infinite }: Sides,
  palette: Palette,
  width: number,
  shown: Zoom['axis'],
): SpectrumPicture | undefined {
  const spectra = [theory, sampled, infinite].flatMap((one) => (one ? [one.spectrum] : []));
  const first = spectra[0];
  if (!first || !(first.values[0] > 0)) return undefined;
  const floor = FLOOR * Math.max(...spectra.map(({ values }) => values[0]));
  const kept = (spectrum: Spectrum) => spectrum.values.filter((value) => value > floor);
  const yAxis = shown('y', axisOf(spectra.flatMap(kept), { scale: 'log' }));
  const most = Math.max(...spectra.map((one) => kept(one).length), 2);
  const xAxis = shown('x', axisOf([1, most], { scale: 'log' }));
  const margin = tickMargin([yAxis]);
  const box = { x: margin, y: TOP, width: width - margin - 10, height: HEIGHT };
  const frame = drawFrame({ box, xAxis, yAxis, palette, xLabel: 'rank of the eigenvalue' });
  const at = (spectrum: Spectrum) => kept(spectrum).map((value, i) => [frame.x(i + 1), frame.y(value)] as const);
  const parts: Svg[] = [label(0, 12, 'eigenvalues of K(U)', { fill: palette.muted }), frame.svg];
  if (infinite)
    parts.push(clipped(box, lineMark(at(infinite.spectrum), { color: palette.infiniteWidth, dashed: true })));
  if (theory) parts.push(clipped(box, lineMark(at(theory.spectrum), { color: palette.theory })));
  if (sampled) {
    // As many marks as can be told apart on a log axis.
    let last = Number.NEGATIVE_INFINITY;
    for (const [x, y] of at(sampled.spectrum)) {
      if (x - last < 7 || !isInside(box, [x, y])) continue;
      last = x;
      parts.push(roleMark('exact-sampling', x, y, { palette, size: 3.2 }));
    }
  }
  const sentence = `Eigenvalues of the kernel fall from ${formatNumber(first.values[0], 2)}; rank ${first.rank} of ${first.values.length}.`;
  const axes = {
    x: { key: 'x', name: 'rank of the eigenvalue', axis: xAxis },
    y: { key: 'y', name: 'eigenvalue', axis: yAxis },
  };
  return { width, height: TOP + HEIGHT + 42, svg: parts.join(''), sentence, frames: [{ box, ...axes }] };
}
