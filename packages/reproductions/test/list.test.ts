import { describe, expect, it } from 'vitest';
import { findReproduction, reproductions } from '../src/index.ts';

describe('the list of reproductions', () => {
  it('has different names of the form paper/figure, with titles, sources and summaries', () => {
    const names = reproductions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, title, source, summary } of reproductions) {
      expect(name).toMatch(/^[a-z]+\/[a-z-]+$/);
      expect(title.length).toBeGreaterThan(10);
      expect(source).toMatch(/arXiv:\d{4}\.\d{5}/);
      expect(summary).toMatch(/\.$/);
    }
  });

  it('finds by name, and names the nearest one otherwise', () => {
    expect(findReproduction('bpkr/relu').name).toBe('bpkr/relu');
    expect(() => findReproduction('bpkr/widht')).toThrow(/unknown reproduction "bpkr\/widht".*"?bpkr\/width/);
  });
});
