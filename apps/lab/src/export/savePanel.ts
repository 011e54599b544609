import { createTable, type PanelEntry } from '@ggdln/core';
import type { Lab } from '../app/lab.ts';
import { atPlace } from '../panels/run.ts';
import { baseName, type ExportedFile } from './exportedRun.ts';
import { saveFile } from './saveFile.ts';

/** What a panel's menu asks for. */
export interface PanelExport {
  readonly kind: 'svg' | 'png' | 'csv';
  readonly name: string;
  readonly entry: PanelEntry;
  /** The picture on screen, if it has one. */
  readonly figure: SVGSVGElement | undefined;
}

/** Saves a panel's picture as it looks, or its numbers. */
export async function savePanel({ kind, name, entry, figure }: PanelExport, lab: Lab): Promise<void> {
  const view = lab.session.view.get();
  const stem = `${baseName({ view })}-${name}`;
  try {
    const file = kind === 'csv' ? await numbers(stem, entry, lab) : await picture(stem, kind, figure, entry.title);
    saveFile(file, document);
    lab.announcer.say(`Saved ${file.name}.`);
  } catch (error) {
    lab.notice.value = `Nothing was saved. ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function numbers(stem: string, entry: PanelEntry, lab: Lab): Promise<ExportedFile> {
  const { encodeCsv } = await import('@ggdln/io');
  const selection = lab.selection.peek();
  const rows = entry.table(atPlace(lab.session.view.get(), selection), selection);
  return { name: `${stem}.csv`, type: 'text/csv', content: encodeCsv(createTable(rows)) };
}

async function picture(
  stem: string,
  kind: 'svg' | 'png',
  figure: SVGSVGElement | undefined,
  title: string,
): Promise<ExportedFile> {
  if (!figure) throw new Error('This panel has no picture; save its numbers instead.');
  const svg = { name: `${stem}.svg`, type: 'image/svg+xml', content: standalone(figure, title) };
  if (kind === 'svg') return svg;
  const { pngOf } = await import('./png.ts');
  return pngOf(svg, 2, document);
}

/** Properties that style sheets give the marks of a panel. */
const PAINT = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap'],
  ...['stroke-linejoin', 'paint-order', 'opacity', 'font-family', 'font-size', 'font-weight', 'font-style'],
  ...['text-anchor', 'dominant-baseline', 'display', 'visibility'],
];

/** A copy that needs no style sheet: what is computed for each mark is written into it. */
function standalone(figure: SVGSVGElement, title: string): string {
  const copy = figure.cloneNode(true) as SVGSVGElement;
  const marks = [figure, ...figure.querySelectorAll('*')];
  const copies = [copy, ...copy.querySelectorAll('*')];
  marks.forEach((mark, i) => {
    const style = getComputedStyle(mark);
    for (const property of PAINT) copies[i].setAttribute(property, style.getPropertyValue(property));
    copies[i].removeAttribute('class');
    copies[i].removeAttribute('style');
  });
  const { width, height } = figure.getBoundingClientRect();
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(document.documentElement).getPropertyValue('--surface').trim());
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  name.textContent = title;
  copy.prepend(name, ground);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}
