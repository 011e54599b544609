import { isGgdlnError, type PanelEntry, type Row, type RunView } from '@ggdln/core';
import { calledRole, formatNumber, isSimulated, roles } from '@ggdln/plot';
import { createPlate, type Plate } from '../charts/plate.ts';
import { createGrowth } from '../charts/scales.ts';
import { escapeText } from '../charts/svg.ts';
import { type CurveFigure, curveFigure, isTelling } from './curveFigure.ts';
import { curvePicture } from './curvePicture.ts';
import { legendHtml } from './legend.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { emptyNote } from './notes.ts';
import { nameOf, placesOf, resultsOf, shownX } from './run.ts';
import { capital, counted, listed, placeHtml, plusMinus, stripTags, uncapital } from './words.ts';
import { mountZoom, ZOOM_KEYS, type Zoom } from './zoomControl.ts';

/** Every metric of a run against its axis, theory and simulation, and what is left when theory is subtracted. */
export const curves: PanelEntry = {
  title: 'Theory and simulation',
  summary: 'Each metric against the axis of the run, and simulation minus theory below.',
  equation: ({ equation }) => equation,
  span: 4,
  accepts: (view) => view.axis !== undefined && view.metrics.length > 0,
  heading(view) {
    const names = view.metrics.map(({ title }, i) => (i === 0 ? capital(title) : uncapital(title)));
    return view.axis && names.length <= 3 ? `${listed(names)} against ${nameOf(view.axis)}` : 'Theory and simulation';
  },
  describe(view) {
    const labels = [...new Set(view.metrics.map(({ label }) => label))];
    const size = view.problem
      ? `; ${counted(view.problem.testSize, view.problem.image ? 'test image' : 'test point')}`
      : '';
    return `${capital(listed(labels))}${size}`;
  },
  table,
  mount: (element, context) => mountPanel(element, context, build),
};

function table(view: RunView): Row[] {
  const wanted = new Set(view.metrics.map(({ metric }) => metric));
  const axis = view.axis?.column ?? 'x';
  return resultsOf(view)
    .filter(({ metric }) => wanted.has(metric))
    .map(({ x, group, source, metric, value, stderr }) => ({
      [axis]: x,
      ...(view.groupBy === undefined ? {} : { [view.groupBy]: group }),
      source,
      metric,
      value,
      stderr,
    }));
}

function build(host: PanelHost): (scene: Scene) => void {
  const { root, document, context } = host;
  const note = append(root, 'div', 'panel-slot');
  const plate = createPlate(document, { keys: KEYS, className: 'scan' });
  const growth = createGrowth();
  const about = () => shownX(context.view.get(), context.selection.get());
  const zoom = mountZoom(host, plate, { about, onFit: growth.reset });
  const legend = append(root, 'div', 'legend');
  const read = append(root, 'div', 'read');
  let picture: ReturnType<typeof curvePicture> | undefined;
  const choose = (x: number | undefined) => {
    const { x: _, ...rest } = context.selection.get();
    context.selection.set(x === undefined ? rest : { ...rest, x });
    if (x === undefined || !picture) return;
    zoom.reveal('x', x);
    context.announce(stripTags(readOut(context.view.get(), x)));
  };
  const hovered = listenToHover(host, plate, (at) => picture?.nearest(at), choose);
  listenToArrows(host, plate, choose);

  return ({ view, selection, palette, width }) => {
    const { figure, problem } = figureOf(view, growth);
    setHtml(note, problem ?? (view.status === 'empty' ? emptyNote(view) : ''));
    plate.element.hidden = figure === undefined;
    if (!figure) return;
    zoom.begin(`${view.study ?? ''} ${view.axis?.column ?? ''} ${view.title}`);
    const selected = shownX(view, selection);
    picture = curvePicture(zoomed(figure, zoom), { view, palette, width, selected });
    zoom.drew(picture.frames);
    plate.show(picture);
    setHtml(legend, legendHtml(figure, palette));
    const place = hovered() ?? selected;
    setHtml(read, place === undefined ? '' : readOut(view, place));
  };
}

const KEYS = `Left and right arrows choose a place of the axis; ${ZOOM_KEYS}`;

/** The figure of a run, or what is wrong with its rows. */
function figureOf(
  view: RunView,
  growth: ReturnType<typeof createGrowth>,
): { readonly figure: CurveFigure | undefined; readonly problem?: string } {
  try {
    return { figure: curveFigure(view, growth) };
  } catch (error) {
    if (!isGgdlnError(error)) throw error;
    const [problem, remedy] = [error.problem, error.remedy ?? ''].map(escapeText);
    return { figure: undefined, problem: `<div class="note warn"><b>${problem}.</b>${remedy}</div>` };
  }
}

/** The figure with the stretches of its axes that are shown. */
function zoomed(figure: CurveFigure, { axis }: Zoom): CurveFigure {
  return {
    ...figure,
    x: axis('x', figure.x),
    frames: figure.frames.map(({ frame, y, residual }) => ({
      frame,
      y: axis(`${frame.metric} y`, y),
      residual: residual && axis(`${frame.metric} residual`, residual),
    })),
  };
}

/** @returns The place of the axis that is pointed at. */
function listenToHover(
  host: PanelHost,
  plate: Plate,
  nearest: (at: readonly [number, number]) => number | undefined,
  choose: (x: number) => void,
): () => number | undefined {
  let hovered: number | undefined;
  host.listen(plate.element, 'pointermove', (event) => {
    const x = nearest(plate.at(event));
    if (x === hovered) return;
    hovered = x;
    host.redraw();
  });
  host.listen(plate.element, 'pointerleave', () => {
    hovered = undefined;
    host.redraw();
  });
  host.listen(plate.element, 'click', (event) => {
    const x = nearest(plate.at(event));
    if (x !== undefined) choose(x);
  });
  return () => hovered;
}

function listenToArrows({ listen, context }: PanelHost, plate: Plate, choose: (x: number | undefined) => void): void {
  listen(plate.element, 'keydown', (event) => {
    if (event.key === 'Escape') choose(undefined);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const view = context.view.get();
    const places = placesOf(view);
    const at = places.indexOf(shownX(view, context.selection.get()) ?? Number.NaN);
    choose(places[Math.min(places.length - 1, Math.max(0, at + step))]);
  });
}

/** The numbers at one place: `N = 100: bias theory 0.8196, exact sampling 0.8170 ± 0.0009; …`. */
function readOut(view: RunView, x: number): string {
  const here = resultsOf(view)
    .filter(isTelling)
    .filter((result) => result.x === x || (result.x === null && result.role === 'infinite-width'));
  const metrics = view.metrics.flatMap(({ metric, title }) => {
    const own = here.filter(
      (result) => result.metric === metric && (isSimulated(result.role) || result.role === 'theory'),
    );
    if (own.length === 0 || own.length > 4) return [];
    own.sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role));
    const numbers = own.map(({ role, value, stderr, group }) => {
      const of = group === null ? '' : ` (${escapeText(group)})`;
      return `${calledRole(role, view.roleNames)}${of} ${isSimulated(role) ? plusMinus(value, stderr) : formatNumber(value)}`;
    });
    return [`<b>${escapeText(title)}</b> ${numbers.join(' · ')}`];
  });
  return metrics.length === 0
    ? ''
    : `<span class="read-place">${placeHtml(view, x)}</span>${metrics.map((one) => `<span>${one}</span>`).join('')}`;
}
