export {
  type Axis,
  isOffScale,
  type LinearAxisOptions,
  linearAxis,
  logAxis,
  type ScaleType,
  type Tick,
} from './axis.ts';
export { blend } from './blend.ts';
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
export { formatFixed, formatNumber, superscript } from './format.ts';
export { type HeatMap, type HeatMapOptions, type HeatMapOverlay, type HeatMapPanel, heatMap } from './heatMap.ts';
export { labelFrame, type PlacedLabel, type Scales } from './labels.ts';
export { metricFrame } from './metricFrame.ts';
export type { Rect } from './placement.ts';
export { renderFigure } from './renderFigure.ts';
export { renderHeatMap } from './renderHeatMap.ts';
export { seriesColor } from './seriesColor.ts';
export { type FrameOptions, type SweepAxis, type SweepFigureOptions, sweepFigure } from './sweepFigure.ts';
export { textWidth } from './textWidth.ts';
export {
  calledRole,
  fontFamily,
  isSampler,
  isSimulated,
  type Mark,
  type RoleStyle,
  roleStyles,
  roles,
  type Theme,
  type ThemeName,
  themes,
} from './theme.ts';
