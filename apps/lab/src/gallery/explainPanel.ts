import type { PanelEntry } from '@ggdln/core';
import type { ReadonlySignal } from '@preact/signals';
import { effect } from '@preact/signals';
import { equationLink } from '../app/route.ts';
import { equationName } from '../panels/words.ts';
import type { GalleryItem } from './galleryItem.ts';
import { mathFigure } from './mathFigure.ts';
import { promiseOf } from './promise.ts';

/**
 * The panel that says what runs, what to see, and why, around the equation that runs. It is there for items of the
 * gallery alone, and stands among the panels so that it fills their grid.
 */
export function createExplainPanel(item: ReadonlySignal<GalleryItem | undefined>): PanelEntry {
  return {
    title: 'What runs here',
    summary: 'The experiment in a few sentences, and its equation.',
    span: 4,
    accepts: () => item.peek() !== undefined,
    table: () => {
      const shown = item.peek();
      return shown ? [{ experiment: shown.title, system: shown.system, equation: shown.source }] : [];
    },
    mount(element, { view }) {
      const root = element as unknown as HTMLElement;
      const { ownerDocument: document } = root;
      const promise = document.createElement('p');
      const tell = () => {
        const shown = item.peek();
        const promised = shown && promiseOf(shown, view.get());
        promise.className = promised ? `promise ${promised.kept ? 'kept' : 'broken'}` : 'promise';
        promise.textContent = promised?.sentence ?? '';
        promise.hidden = !promised;
        promise.dataset.percent = promised ? String(promised.percent) : '';
      };
      const endEffect = effect(() => {
        const shown = item.value;
        root.replaceChildren(...(shown ? explanation(shown, promise, document) : []));
        tell();
      });
      const endWatch = view.subscribe(tell);
      return () => {
        endEffect();
        endWatch();
      };
    },
  };
}

/** What runs with its equation; then what to see, where it is derived, and at the end whether it came out. */
function explanation(item: GalleryItem, promise: Element, document: Document): Element[] {
  const link = document.createElement('a');
  link.href = equationLink(item.source);
  link.textContent = `Theory page ${equationName(item.source)}`;
  const last = document.createElement('p');
  last.append(link);
  last.className = 'small';
  const what = [...paragraphs(item.before, document), mathFigure(item.equation, `Equation of ${item.title}`, document)];
  return [what, [...paragraphs(item.after, document), last, promise]].map((children) => {
    const part = document.createElement('div');
    part.className = 'explain-part';
    part.append(...children);
    return part;
  });
}

/** Paragraphs are parted by empty lines. */
function paragraphs(text: string, document: Document): Element[] {
  return text
    .split(/\n\s*\n/)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const paragraph = document.createElement('p');
      paragraph.textContent = part.trim();
      return paragraph;
    });
}
