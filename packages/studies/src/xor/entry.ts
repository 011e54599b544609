import { defineStudy, integer, number, type StudyEntry } from '@ggdln/core';
import { xorRaceStudy } from './xorStudy.ts';

/** Exclusive or as a race of four pathways, as a plugin entry. */
export const xorRaceEntry: StudyEntry = defineStudy({
  title: 'Exclusive or as a race of four pathways',
  summary: 'Gated pathways, one for each point, follow a sigmoid in closed form; ReLU networks do what they do.',
  references: ['Saxe, Sodhani & Lewallen 2022, arXiv:2207.10430'],
  equation: 'gdln/7',
  options: {
    start: number({
      title: 'Start strength',
      symbol: 'a₀',
      min: 1e-8,
      max: 0.3,
      default: 1e-3,
      scale: 'log',
      help: 'Strength of each gated pathway at time 0',
      equation: 'gdln/4',
    }),
    hidden: integer({
      title: 'ReLU units',
      symbol: 'H',
      min: 8,
      max: 2048,
      default: 128,
      help: 'Of each ReLU network',
    }),
    scale: number({
      title: 'ReLU start scale',
      min: 1e-5,
      max: 1,
      default: 0.01,
      scale: 'log',
      help: 'Deviation of its random weights times √H; larger ones leave the closed form',
      equation: 'gdln/7',
    }),
    networks: integer({
      title: 'ReLU networks',
      min: 1,
      max: 40,
      default: 4,
      help: 'Random starts; error bars are over them',
    }),
    rate: number({
      title: 'Learning rate',
      symbol: 'η',
      min: 0,
      exclusiveMin: true,
      max: 0.5,
      default: 0.01,
      scale: 'log',
      help: 'Step of full-batch gradient descent',
    }),
    time: number({ title: 'Time', symbol: 't', min: 1, max: 200, default: 30, help: 'Rate × steps' }),
  },
  axis: { column: 'time', label: 'time t', unit: '', scale: 'linear' },
  metrics: [
    { metric: 'loss', title: 'Gated network', note: 'the same start', label: 'loss, mean of ½(y − f)²', zero: true },
    {
      metric: 'loss of ReLU',
      title: 'ReLU networks',
      note: 'moved in time to pass ¼ together',
      label: 'loss, mean of ½(y − f)²',
      zero: true,
    },
  ],
  create: (options) => ({ run: (context) => xorRaceStudy(options, context) }),
});
