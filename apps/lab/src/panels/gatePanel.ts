import type { PanelEntry, Row, RunView } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { mountGateList } from './gateList.ts';
import { gatedLayers, halfPlanesOf, reportOf } from './gateModel.ts';
import { mountGatePlane } from './gatePlaneControl.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { counted } from './words.ts';

/** Which inputs each gate lets through. */
export const gatePanel: PanelEntry = {
  title: 'Gates',
  summary: 'The gates over the inputs: half-planes to drag, or their weights, open shares and overlap.',
  equation: 'ggdln/9',
  span: 2,
  accepts: ({ problem }) => problem?.trainGates.some(({ cols, rows }) => cols > 0 && rows > 0) === true,
  heading: (view) => (halfPlanesOf(view, 0) ? 'Gates on the input plane' : 'Gates'),
  describe(view) {
    const found = halfPlanesOf(view, 0);
    if (found?.editable) return 'Drag a line or its normal; double-click adds a gate';
    const gates = view.problem?.trainGates[0];
    return gates ? `${counted(gates.cols, 'gate')} on ${counted(gates.rows, 'training input')}` : '';
  },
  table(view) {
    return gatedLayers(view).flatMap((layer) => {
      const planes = halfPlanesOf(view, layer);
      return (reportOf(view, layer)?.gates ?? []).map(({ name, open }, m) => {
        const plane = planes?.planes[m - planes.offset];
        const row: Row = { layer: layerNumber(view, layer), gate: name, 'share open': open };
        return plane ? { ...row, angle: plane.angle, threshold: plane.threshold } : row;
      });
    });
  },
  mount: (element, context) => mountPanel(element, context, build),
};

/** 1 is the lowest. */
const layerNumber = ({ problem }: RunView, layer: number): number => (problem?.trainGates.length ?? 1) - layer;

function build(host: PanelHost): (scene: Scene) => void {
  const tabs = append(host.root, 'div', 'panel-tabs');
  const plane = mountGatePlane(host);
  const list = mountGateList(host);
  const numbers = append(host.root, 'div', 'read');
  let layer = 0;
  host.listen(tabs, 'click', (event) => {
    const pressed = event.target instanceof HTMLElement ? event.target.closest('button')?.dataset.layer : undefined;
    if (pressed === undefined) return;
    layer = Number(pressed);
    host.redraw();
  });
  return (scene) => {
    const { view } = scene;
    const layers = gatedLayers(view);
    const shown = layers.includes(layer) ? layer : (layers[0] ?? 0);
    setHtml(tabs, layers.length > 1 ? tabsHtml(view, layers, shown) : '');
    const planes = halfPlanesOf(view, shown);
    plane.show(scene, planes);
    list.show(scene, shown, planes !== undefined);
    setHtml(numbers, numbersHtml(view, shown));
  };
}

function tabsHtml(view: RunView, layers: readonly number[], shown: number): string {
  const buttons = layers.map(
    (layer) =>
      `<button type="button" data-layer="${layer}" aria-pressed="${layer === shown}">Layer ${layerNumber(view, layer)}</button>`,
  );
  return `<div class="seg" role="group" aria-label="Layer">${buttons.join('')}</div>`;
}

function numbersHtml(view: RunView, layer: number): string {
  const report = reportOf(view, layer);
  if (!report) return '';
  const dead = report.dead.length;
  return [
    `<span><b>${formatNumber(report.patterns, 6)}</b> pattern${report.patterns === 1 ? '' : 's'} used</span>`,
    `<span><b>${dead}</b> of ${formatNumber(report.inputs, 6)} inputs with every gate closed</span>`,
    `<span>rank <b>${report.rank}</b> of ${report.gates.length}</span>`,
  ].join('');
}
