export type { Axis, ScaleType, Tick } from './axis.ts';
export { type Drawing, renderDrawing } from './drawing.ts';
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
export { type HeatMap, type HeatMapOptions, type HeatMapPanel, heatMap } from './heatMap.ts';
export { renderFigure } from './renderFigure.ts';
export { renderHeatMap } from './renderHeatMap.ts';
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
