import katex from 'katex';
import type MarkdownIt from 'markdown-it';

const MACROS = { '\\tr': '\\operatorname{tr}', '\\rank': '\\operatorname{rank}', '\\Var': '\\operatorname{Var}' };

/**
 * Teaches Markdown `$…$` and, in paragraphs of their own, `$$…$$`: typeset once, here, to MathML that browsers draw
 * without script or typeface of ours. A dollar sign before a space, or after one, is one.
 */
export function mathMarkdown(md: MarkdownIt): void {
  md.inline.ruler.after('escape', 'math', (state, silent) => {
    const found = /^\$(?![\s$])((?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)/.exec(state.src.slice(state.pos));
    if (!found) return false;
    if (!silent) state.push('math_inline', 'math', 0).content = found[1];
    state.pos += found[0].length;
    return true;
  });
  md.block.ruler.before(
    'paragraph',
    'math_block',
    (state, start, end, silent) => {
      const line = (n: number): string => state.src.slice(state.bMarks[n] + state.tShift[n], state.eMarks[n]);
      if (!line(start).startsWith('$$')) return false;
      let last = start;
      while (last < end && !(line(last).trimEnd().endsWith('$$') && (last > start || line(last).trim().length > 3)))
        last++;
      if (last === end) return false;
      if (silent) return true;
      const token = state.push('math_block', 'math', 0);
      token.block = true;
      token.content = state
        .getLines(start, last + 1, state.tShift[start], false)
        .trim()
        .slice(2, -2)
        .trim();
      token.map = [start, last + 1];
      state.line = last + 1;
      return true;
    },
    { alt: ['paragraph', 'blockquote', 'list'] },
  );
  md.renderer.rules.math_inline = (tokens, i) => toMathml(tokens[i].content, false);
  md.renderer.rules.math_block = (tokens, i) =>
    `<div class="equation" tabindex="0" role="math">${toMathml(tokens[i].content, true)}</div>\n`;
}

/**
 * MathML of TeX. The TeX itself stays inside as an annotation, for copying and for readers aloud.
 * @throws katex.ParseError where the TeX is wrong.
 */
function toMathml(tex: string, displayMode: boolean): string {
  const html = katex.renderToString(tex, {
    displayMode,
    output: 'mathml',
    throwOnError: true,
    strict: 'error',
    macros: { ...MACROS },
  });
  return html
    .replace(/^<span class="katex">/, '')
    .replace(/<\/span>$/, '')
    .replace('<math ', '<math v-pre ')
    .replace(/<mi mathvariant="(script|double-struck)">(\w)<\/mi>/g, (_, style: string, letter: string) =>
      style === 'script' ? `<mi>${scriptLetter(letter)}</mi>` : '<mn>𝟙</mn>',
    )
    .replaceAll(/<mo[^>]*>∥<\/mo>/g, '<mo stretchy="false" lspace="0" rspace="0">‖</mo>');
}

/** Script capitals as characters of their own: browsers draw no others. */
function scriptLetter(letter: string): string {
  const early: { readonly [letter: string]: string } = {
    B: 'ℬ',
    E: 'ℰ',
    F: 'ℱ',
    H: 'ℋ',
    I: 'ℐ',
    L: 'ℒ',
    M: 'ℳ',
    R: 'ℛ',
  };
  return early[letter] ?? String.fromCodePoint(0x1d49c + letter.charCodeAt(0) - 65);
}
