const MINUS = '−';
const THIN_SPACE = '\u2009';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** An integer as superscript digits: −3 → `⁻³`. */
export function superscript(integer: number): string {
  return [...String(integer)].map((c) => (c === '-' ? '⁻' : SUPERSCRIPTS[Number(c)])).join('');
}

/** A number with a fixed count of decimals, a true minus sign and thin spaces between thousands. */
export function formatFixed(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  const text = fraction ? `${grouped}.${fraction}` : grouped;
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** A number to at most `digits` significant digits; very large and small ones as m × 10ⁿ. */
export function formatNumber(value: number, digits = 4): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const exponent = Math.floor(Math.log10(Math.abs(rounded)));
  if (exponent < -4 || exponent > 5) {
    const [mantissa, power] = rounded.toExponential().split('e');
    return `${mantissa.replace('-', MINUS)} × 10${superscript(Number(power))}`;
  }
  const decimals = (String(rounded).split('.')[1] ?? '').length;
  return formatFixed(rounded, decimals);
}
