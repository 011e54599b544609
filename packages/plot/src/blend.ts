/** The colour a share of the way from one `#rrggbb` to another. */
export function blend(from: string, to: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((color) => Number.parseInt(color.slice(at, at + 2), 16));
    return Math.round(a + share * (b - a))
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}
