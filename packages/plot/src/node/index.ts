export { figureToPng, type PngOptions } from './figureToPng.ts';
export { figureToSvg } from './figureToSvg.ts';
