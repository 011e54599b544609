import { DOMImplementation, XMLSerializer, type Node as XmlNode } from '@xmldom/xmldom';
import { type Drawing, renderDrawing } from '../drawing.ts';
import { SVG } from '../svg.ts';

/** A figure as the text of an SVG file: what a browser writes for `renderDrawing`, below the XML declaration. */
export async function figureToSvg(figure: Drawing): Promise<string> {
  // To the compiler xmldom's nodes are not those of browsers: they have what drawing needs, but no more of the rest.
  const document: unknown = new DOMImplementation().createDocument(SVG, 'svg', null);
  const svg: unknown = renderDrawing(figure, document as Document);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg as XmlNode)}\n`;
}
