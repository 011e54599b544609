import type { ExportedFile } from './exportedRun.ts';

/** Pixels of the picture to a pixel of the figure. */
export type PngScale = 1 | 2 | 4;

/** A figure's SVG as PNG, drawn by the browser; the page's typeface is put in, as pictures can't reach it. */
export async function pngOf(svg: ExportedFile, scale: PngScale, document: Document): Promise<ExportedFile> {
  const url = URL.createObjectURL(new Blob([await withTypeface(String(svg.content))], { type: 'image/svg+xml' }));
  try {
    // The first picture only makes the browser read the typeface; the second has it.
    await pictureOf(url, document);
    await new Promise((done) => setTimeout(done, TYPEFACE_MS));
    const image = await pictureOf(url, document);
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const drawing = canvas.getContext('2d');
    if (!drawing) throw new Error('This browser gave no canvas to draw on; save the SVG instead.');
    drawing.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (!blob) throw new Error('The picture is too large for this browser; save it at a smaller scale or as SVG.');
    return {
      name: svg.name.replace(/\.svg$/, scale === 1 ? '.png' : `@${scale}x.png`),
      type: 'image/png',
      content: new Uint8Array(await blob.arrayBuffer()),
    };
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Milliseconds in which a typeface that stands in the picture itself is read. */
const TYPEFACE_MS = 150;

async function pictureOf(url: string, document: Document): Promise<HTMLImageElement> {
  const image = document.createElement('img');
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  return image;
}

const FACES = [
  { file: './fonts/inter-latin.woff2', range: 'U+0000-00FF,U+2000-206F,U+2122,U+2191,U+2193,U+2212,U+2215' },
  { file: './fonts/inter-greek.woff2', range: 'U+0370-03FF' },
];

async function withTypeface(svg: string): Promise<string> {
  const faces = await Promise.all(
    FACES.map(async ({ file, range }) => {
      const bytes = new Uint8Array(await (await fetch(file)).arrayBuffer());
      let binary = '';
      for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
      const source = `url(data:font/woff2;base64,${btoa(binary)}) format("woff2")`;
      return `@font-face{font-family:Inter;font-weight:100 900;font-display:swap;src:${source};unicode-range:${range}}`;
    }),
  );
  return svg.replace(/<svg[^>]*>/, (head) => `${head}<style>${faces.join('')}</style>`);
}
