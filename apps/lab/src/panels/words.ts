import type { RunView } from '@ggdln/core';
import { formatFixed, formatNumber } from '@ggdln/plot';
import { escapeText } from '../charts/svg.ts';
import { symbolOf } from './run.ts';

/** How many decimals a standard error lets a number have. */
export function decimalsFor(stderr: number): number {
  const exponent = Math.floor(Math.log10(stderr));
  const leading = stderr / 10 ** exponent;
  return Math.min(10, Math.max(0, -exponent + (leading < 4 ? 1 : 0)));
}

/** A number with its standard error in its last digits: `0.8170(9)`. Without one, four significant digits. */
export function withError(value: number, stderr: number | null): string {
  if (stderr === null || !(stderr > 0)) return formatNumber(value);
  const { number, error } = parts(value, stderr);
  return `${number}(${error})`;
}

/** The same for tables: the error is quieter. */
export function withErrorHtml(value: number, stderr: number | null): string {
  if (stderr === null || !(stderr > 0)) return formatNumber(value);
  const { number, error } = parts(value, stderr);
  return `${number}<span class="se">(${error})</span>`;
}

function parts(value: number, stderr: number): { number: string; error: string } {
  const decimals = decimalsFor(stderr);
  return { number: formatFixed(value, decimals), error: String(Math.round(stderr * 10 ** decimals)) };
}

/** A number with its standard error spelled out: `0.8170 ± 0.0009`. */
export function plusMinus(value: number, stderr: number | null): string {
  if (stderr === null || !(stderr > 0)) return formatNumber(value);
  const decimals = decimalsFor(stderr);
  return `${formatFixed(value, decimals)} ± ${formatFixed(stderr, decimals)}`;
}

/** A number with its sign and a fixed count of decimals; zero has none. */
export function signed(value: number, decimals: number): string {
  const text = formatFixed(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Percent to two significant digits, at most two decimals. */
export function percent(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.005) return '< 0.01 %';
  return `${formatFixed(value, decimalsOfPercent(value))} %`;
}

/** Percent with its sign. */
export function signedPercent(value: number): string {
  return `${signed(value, decimalsOfPercent(value))} %`;
}

const decimalsOfPercent = (value: number): number => (Math.abs(value) >= 20 ? 0 : Math.abs(value) >= 0.095 ? 1 : 2);

/** Rounded up, so that "within" holds. */
export function percentAtMost(value: number): string {
  const decimals = decimalsOfPercent(value);
  const least = value > 0 ? 1 : 0;
  return `${formatFixed(Math.max(least, Math.ceil(value * 10 ** decimals - 1e-9)) / 10 ** decimals, decimals)} %`;
}

/** `N = 100`, as plain text. */
export function placeText(view: RunView, x: number | undefined): string {
  return view.axis && x !== undefined ? `${symbolOf(view.axis)} = ${formatNumber(x)}` : '';
}

/** A symbol in a sentence. */
export const symbolHtml = (symbol: string): string => `<i class="v">${escapeText(symbol)}</i>`;

/** `N = 100` with the symbol set as one. */
export function placeHtml(view: RunView, x: number): string {
  const symbol = view.axis ? symbolOf(view.axis) : '';
  return `${symbol.length <= 2 ? symbolHtml(symbol) : escapeText(symbol)} = ${formatNumber(x)}`;
}

/** Parts of a line, those that are there. */
export const sentence = (...words: readonly (string | false | undefined)[]): string =>
  words.filter((word) => word !== false && word !== undefined && word !== '').join(', ');

/** First letter upper-case, as a sentence begins; a symbol such as `c²` or `γ` stays what it is. */
export const capital = (text: string): string =>
  beginsWithSymbol(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);

/** First letter lower-case, as within a sentence; names such as `ReLU` and `F(t, s)` stay what they are. */
export const uncapital = (text: string): string =>
  beginsWithSymbol(text) || /^\p{L}*\p{Lu}/u.test(text.slice(1)) ? text : text.charAt(0).toLowerCase() + text.slice(1);

/** A Greek letter, or one letter by itself that isn't the article. */
const beginsWithSymbol = (text: string): boolean => /^(\p{Script=Greek}|(?!a )\p{L}(?!\p{L}))/u.test(text);

/** `GGDLN, sec. 2` of `ggdln/2`. */
export function equationName(equation: string): string {
  const [page, section] = equation.split('/');
  const name = page === 'continual' ? 'Continual' : page.toUpperCase();
  return section === undefined ? name : `${name}, sec. ${section}`;
}

/** A list in words: `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** `1 image`, `28 images`. */
export const counted = (count: number, noun: string): string =>
  `${formatNumber(count, 6)} ${noun}${count === 1 ? '' : 's'}`;

/** The text of HTML that was made here. */
export const stripTags = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
