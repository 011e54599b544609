import { expect, test } from 'vitest';
import { metricFrame } from '../src/index.ts';

test('metrics of experiments have titles; others, inherited names among them, are titled by their name', () => {
  expect(metricFrame('bias')).toMatchObject({ metric: 'bias', title: 'Bias' });
  expect(metricFrame('half-time')).toEqual({ metric: 'half-time', title: 'half-time', label: 'half-time' });
  expect(metricFrame('constructor').title).toBe('constructor');
});
