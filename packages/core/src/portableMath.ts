// exp and log from additions and multiplications alone. Engines may change the last bits of Math.exp and Math.log from
// one version to the next; random streams must not change with them.

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const bits = new DataView(new ArrayBuffer(8));

/** eˣ for −700 < x < 700, to about one unit in the last place; the same bits on every engine. */
export function portableExp(x: number): number {
  const halvings = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - halvings * LN2_HIGH - halvings * LN2_LOW;
  let sum = 1;
  for (let n = 14; n > 0; n--) sum = 1 + (sum * r) / n;
  return sum * powerOfTwo(halvings);
}

const INVERSES = Float64Array.from({ length: 19 }, (_, n) => 1 / n);

/** eˣ for |x| < 1, to a few units in the last place, at a quarter of the time; the same bits on every engine. */
export function portableExpNearZero(x: number): number {
  let sum = 1;
  for (let n = Math.abs(x) < 0.125 ? 10 : 18; n > 0; n--) sum = 1 + sum * (x * INVERSES[n]);
  return sum;
}

/** Natural logarithm of a positive normal number, to about one unit in the last place; the same bits on every engine. */
export function portableLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  // log m = 2 artanh((m − 1)/(m + 1)), |argument| < 0.172
  const f = (mantissa - 1) / (mantissa + 1);
  const square = f * f;
  let sum = 0;
  for (let n = 23; n >= 3; n -= 2) sum = square * (1 / n + sum);
  return exponent * LN2_HIGH + (2 * f + (2 * f * sum + exponent * LN2_LOW));
}

function powerOfTwo(exponent: number): number {
  bits.setUint32(0, (exponent + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}
