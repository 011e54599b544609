import { inputError } from '@ggdln/core';

/** @throws GGDLN_INPUT for the first value that isn't a finite number. */
export function requireFinite(where: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isFinite(value)) throw inputError(where, `${name} is ${value}`, 'It must be a finite number');
  }
}

/** @throws GGDLN_INPUT for the first value that isn't finite and above 0. */
export function requirePositive(where: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(value > 0 && Number.isFinite(value))) throw inputError(where, `${name} is ${value}`, 'It must be above 0');
  }
}

/** @throws GGDLN_INPUT for the first value that isn't a whole number of at least `min`. */
export function requireCount(where: string, values: Readonly<Record<string, number>>, min = 1): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isInteger(value) || value < min) {
      throw inputError(where, `${name} is ${value}`, `It must be a whole number of at least ${min}`);
    }
  }
}
