import { fileURLToPath } from 'node:url';
import { GgdlnError, inputError } from '@ggdln/core';

export interface PngOptions {
  /** Pixels of the image to a pixel of the figure. Default 2; 0.5 to 8. */
  readonly scale?: number;
}

const WHERE = '@ggdln/plot figureToPng';

/** The fonts that come with this package, so that a picture looks the same on every machine. */
const fontFiles = ['Inter-Regular.otf', 'Inter-SemiBold.otf'].map((name) =>
  fileURLToPath(new URL(`../../assets/fonts/${name}`, import.meta.url)),
);

/**
 * A figure's SVG text as the bytes of a PNG file. Loads resvg on the first call.
 * @throws GGDLN_INPUT for a scale out of range or text that is not an SVG; GGDLN_BACKEND if resvg can't be loaded.
 */
export async function figureToPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  const scale = options.scale ?? 2;
  if (!(scale >= 0.5 && scale <= 8)) throw inputError(WHERE, `scale is ${scale}`, 'Give a number from 0.5 to 8');
  const { Resvg } = await loadResvg();
  try {
    const renderer = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: scale },
      font: { fontFiles, loadSystemFonts: false, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
    });
    return new Uint8Array(renderer.render().asPng());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GgdlnError({
      code: 'GGDLN_INPUT',
      where: WHERE,
      problem: `the SVG can't be drawn: ${reason}`,
      remedy: 'Give the text that figureToSvg returned',
      cause,
    });
  }
}

async function loadResvg(): Promise<typeof import('@resvg/resvg-js')> {
  try {
    return await import('@resvg/resvg-js');
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_BACKEND',
      where: WHERE,
      problem: `resvg has no working binary for ${process.platform} ${process.arch}`,
      remedy: 'Install this package again without leaving out optional dependencies, or use the SVG',
      cause,
    });
  }
}
