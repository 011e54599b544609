import type { ExportedFile } from './exportedRun.ts';

/** Hands a file to the browser's downloads. */
export function saveFile({ name, type, content }: ExportedFile, document: Document): void {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
