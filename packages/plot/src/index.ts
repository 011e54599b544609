export type { Axis, ScaleType, Tick } from './axis.ts';
export {
  FIGURE_WIDTHS,
  type Figure,
  type FigureWidth,
  type Frame,
  type Point,
  type Residual,
  type ResidualFrame,
  type Series,
  type SeriesGroup,
} from './figure.ts';
export { formatNumber } from './format.ts';
export { renderFigure } from './renderFigure.ts';
export { type FrameOptions, type SweepAxis, type SweepFigureOptions, sweepFigure } from './sweepFigure.ts';
export {
  fontFamily,
  type Mark,
  type RoleStyle,
  roleStyles,
  roles,
  type Theme,
  type ThemeName,
  themes,
} from './theme.ts';
