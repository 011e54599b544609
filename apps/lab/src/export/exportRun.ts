import { baseName, type ExportedFile, type ExportedRun } from './exportedRun.ts';
import { figuresOf } from './figures.ts';
import { archiveOf, arraysFile, specFile, tableFile } from './files.ts';
import { type PngScale, pngOf } from './png.ts';

/** What can be taken out of the page. */
export type ExportKind = 'svg' | 'png-1' | 'png-2' | 'png-4' | 'table' | 'arrays' | 'spec' | 'all';

/**
 * Makes a file of a run; several figures of one kind come as one archive.
 * @throws GGDLN_INPUT or Error saying why there is nothing to save yet.
 */
export async function exportRun(kind: ExportKind, run: ExportedRun, document: Document): Promise<ExportedFile> {
  switch (kind) {
    case 'table':
      return tableFile(run);
    case 'arrays':
      return arraysFile(run);
    case 'spec':
      return specFile(run);
    case 'svg':
      return single(run, figuresOf(run, document));
    case 'all':
      return everything(run, document);
    default:
      return single(run, await pictures(run, Number(kind.slice(4)) as PngScale, document));
  }
}

function pictures(run: ExportedRun, scale: PngScale, document: Document): Promise<ExportedFile[]> {
  return Promise.all(figuresOf(run, document).map((svg) => pngOf(svg, scale, document)));
}

function single(run: ExportedRun, files: readonly ExportedFile[]): ExportedFile {
  if (files.length === 0) throw new Error('There is nothing to draw yet. Press Space to run.');
  return files.length === 1 ? files[0] : archiveOf(`${baseName(run)}-figures`, files);
}

async function everything(run: ExportedRun, document: Document): Promise<ExportedFile> {
  const figures = run.view.axis ? figuresOf(run, document) : [];
  const drawn = run.view.axis ? await pictures(run, 2, document) : [];
  return archiveOf(baseName(run), [specFile(run), tableFile(run), arraysFile(run), ...figures, ...drawn]);
}
