/** Elements of MathML that equations are written in; anything else is left out. */
const ELEMENTS =
  /^(math|mrow|mi|mo|mn|mtext|mfrac|msqrt|mroot|msup|msub|msubsup|mover|munder|munderover|mspace|mtable|mtr|mtd|mstyle|mpadded)$/;
const ATTRIBUTES =
  /^(display|displaystyle|stretchy|mathvariant|accent|width|columnalign|lspace|rspace|scriptlevel|minsize|maxsize)$/;

/**
 * Equations on a ground of their own, which scrolls where they are too wide. Items may come with plugins, so only known
 * elements of MathML are taken over.
 * @param mathml One or more `<math>` elements as text.
 */
export function mathFigure(mathml: string, label: string, document: Document): HTMLElement {
  const box = document.createElement('figure');
  box.className = 'mathbox';
  box.setAttribute('aria-label', label);
  // It scrolls, and keys must reach what scrolls.
  box.tabIndex = 0;
  const parsed = new DOMParser().parseFromString(mathml, 'text/html');
  const equations = [...parsed.body.children].filter(({ localName }) => localName === 'math');
  box.append(...equations.map((equation) => cleaned(equation, document)));
  return box;
}

function cleaned(source: Element, document: Document): Element {
  const out = document.createElementNS('http://www.w3.org/1998/Math/MathML', source.localName);
  for (const { name, value } of source.attributes) if (ATTRIBUTES.test(name)) out.setAttribute(name, value);
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) out.append(child.textContent ?? '');
    else if (child instanceof Element && ELEMENTS.test(child.localName)) out.append(cleaned(child, document));
  }
  return out;
}
