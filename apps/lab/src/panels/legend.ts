import { roleStyles, seriesColor } from '@ggdln/plot';
import { legendOf } from '../charts/curveFrame.ts';
import { swatch } from '../charts/marks.ts';
import type { Palette } from '../charts/palette.ts';
import { escapeText } from '../charts/svg.ts';
import type { CurveFigure } from './curveFigure.ts';

/** Settings by colour, if frames compare any; then roles by mark. */
export function legendHtml(figure: CurveFigure, palette: Palette): string {
  const { roles, groups } = legendOf({ frames: figure.frames.map(({ frame }) => frame) });
  const neutral = groups.length > 0 ? palette.muted : undefined;
  const settings = groups.map((group) => {
    const color = palette[seriesColor({ role: 'theory', group })];
    return `<span>${swatch('theory', palette, color)}${escapeText(group.name)}</span>`;
  });
  const sources = roles.map(
    (role) =>
      `<span>${swatch(role, palette, neutral)}${escapeText(figure.names[role] ?? roleStyles[role].legend)}</span>`,
  );
  return [...settings, ...sources].join('');
}
