import type { Option, PanelContext } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';

/** Looks up options by their paths; absent where a page doesn't tell. */
export type OptionAt = PanelContext['optionAt'];

/** What sets right what failed: values by path. */
export type Changes = { readonly [path: string]: unknown };

/** The press that cures: `Set step size η to 0.03 and run again`. */
export function cureText(changes: Changes, optionAt: OptionAt): string {
  const words = Object.entries(changes).map(([path, value]) => {
    const option = optionAt?.(path);
    const unit = option?.unit ? ` ${option.unit}` : '';
    return `${nameOf(path, option)} to ${typeof value === 'number' ? formatNumber(value) : String(value)}${unit}`;
  });
  return `Set ${words.join(', ')} and run again`;
}

/** A sentence of a learner or theory with the names that people know in place of those in files. */
export function inWords(text: string, changes: Changes | undefined, optionAt: OptionAt): string {
  let told = text;
  for (const path of Object.keys(changes ?? {})) {
    const option = optionAt?.(path);
    if (!option) continue;
    const inFiles = codeName(path).replace(/[^\w]/g, '');
    told = told.replace(new RegExp(`\\b${inFiles}\\b`, 'g'), nameOf(path, option));
  }
  return told;
}

/** `step size η` of an option, inside a sentence; the name in files where nobody knows another. */
function nameOf(path: string, option: Option | undefined): string {
  if (!option) return codeName(path);
  const { title, symbol } = option;
  const name = /^.[A-Z]/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
  // Formulas such as |x|² = N0 are no names.
  return symbol === undefined || symbol.includes('=') ? name : `${name} ${symbol}`;
}

const codeName = (path: string): string => path.split('.').at(-1) ?? path;
