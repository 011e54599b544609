import { isGgdlnError } from '@ggdln/core';
import type { LabError } from './session.ts';

/** Any error in the words of the lab: what happened, and what to change. */
export function toLabError(error: unknown): LabError {
  if (isGgdlnError(error)) {
    const { code, problem, remedy = '', changes } = error;
    return { code, problem: asSentence(problem), remedy: asSentence(remedy), ...(changes ? { changes } : {}) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'GGDLN_UNEXPECTED',
    problem: `Something broke that is no fault of yours: ${message}`,
    remedy: 'Reset and run again. If it comes back, share the link with whoever maintains the plugin.',
  };
}

function asSentence(text: string): string {
  if (text === '') return '';
  const capital = text[0].toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
