import type { IntegerOption, NumberOption } from '@ggdln/core';
import { experimentOptions } from '@ggdln/experiments';

/** Options of the experiment itself. */
export const temperatureOption: NumberOption = experimentOptions.temperature;
export const seedOption: IntegerOption = experimentOptions.seed;
