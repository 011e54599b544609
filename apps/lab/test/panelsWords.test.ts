import { expect, test } from 'vitest';
import { capital, equationName, uncapital } from '../src/panels/words.ts';

test('sentences begin with a capital, symbols stay what they are', () => {
  expect(['squared error', 'a share of draws', 'ReLU networks', 'c², u and mean'].map(capital)).toEqual([
    'Squared error',
    'A share of draws',
    'ReLU networks',
    'c², u and mean',
  ]);
  expect(['γ feature', 'd ln u/d ln λ', 'F(t, s)', ''].map(capital)).toEqual([
    'γ feature',
    'd ln u/d ln λ',
    'F(t, s)',
    '',
  ]);
});

test('within a sentence words lose their capital, names and symbols keep it', () => {
  expect(['Test error', 'ReLU networks', 'F(t, s)', 'MSE'].map(uncapital)).toEqual([
    'test error',
    'ReLU networks',
    'F(t, s)',
    'MSE',
  ]);
});

test('theory pages have names', () => {
  expect(['ggdln/2', 'continual/6', 'ndk'].map(equationName)).toEqual(['GGDLN, sec. 2', 'Continual, sec. 6', 'NDK']);
});
