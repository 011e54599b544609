/** Letters and operators by their TeX names; what isn't here is a mistake in a page and is refused. */
const IDENTIFIERS: { readonly [name: string]: string } = {
  ...{ alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', eta: 'η', theta: 'θ', kappa: 'κ', lambda: 'λ' },
  ...{ mu: 'μ', nu: 'ν', xi: 'ξ', pi: 'π', rho: 'ρ', sigma: 'σ', tau: 'τ', phi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω' },
  ...{ zeta: 'ζ', Gamma: 'Γ', Delta: 'Δ', Theta: 'Θ', Lambda: 'Λ', Sigma: 'Σ', Phi: 'Φ', Pi: 'Π', Omega: 'Ω' },
  ...{ infty: '∞', ell: 'ℓ', partial: '∂', nabla: '∇', top: '⊤', prime: '′', dots: '…' },
};
const OPERATORS: { readonly [name: string]: string } = {
  ...{ cdot: '·', circ: '∘', otimes: '⊗', odot: '⊙', times: '×', pm: '±', le: '≤', ge: '≥', ll: '≪', gg: '≫', ne: '≠' },
  ...{
    to: '→',
    sim: '∼',
    approx: '≈',
    propto: '∝',
    langle: '⟨',
    rangle: '⟩',
    sum: '∑',
    prod: '∏',
    int: '∫',
    min: 'min',
  },
  ...{
    max: 'max',
    log: 'log',
    ln: 'ln',
    det: 'det',
    tr: 'tr',
    exp: 'exp',
    rank: 'rank',
    cos: 'cos',
    sin: 'sin',
    in: '∈',
  },
  ...{ arctan: 'arctan', arcsin: 'arcsin', Var: 'Var', mid: '|', quad: '\u2003', diag: 'diag', lVert: '‖', rVert: '‖' },
};
const ACCENTS: { readonly [name: string]: string } = { hat: '^', bar: '¯', tilde: '~', dot: '˙' };

/**
 * A displayed equation as MathML. It reads the part of TeX that the theory pages use: letters, `_`, `^`, groups,
 * `\frac`, `\sqrt`, accents, `\mathrm`, `\text`, `\left` and `\right`, and the names above.
 * @throws Error naming the place of what it doesn't know.
 */
export function texToMathml(tex: string): string {
  const reader = { tokens: tex.match(/\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\S/g) ?? [], at: 0 };
  const body = readRow(reader, undefined);
  return `<math display="block">${body}</math>`;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

function readRow(reader: Reader, end: string | undefined): string {
  let out = '';
  while (reader.at < reader.tokens.length && reader.tokens[reader.at] !== end) out += readScripted(reader);
  if (end !== undefined && reader.tokens[reader.at++] !== end) throw new Error(`an equation lacks its ${end}`);
  return out;
}

/** An atom with what stands below and above it. */
function readScripted(reader: Reader): string {
  const base = readAtom(reader);
  let below: string | undefined;
  let above: string | undefined;
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token !== '_' && token !== '^') break;
    reader.at++;
    const script = readAtom(reader);
    if (token === '_') below = script;
    else above = script;
  }
  if (below !== undefined && above !== undefined) return `<msubsup>${base}${below}${above}</msubsup>`;
  if (below !== undefined) return `<msub>${base}${below}</msub>`;
  return above === undefined ? base : `<msup>${base}${above}</msup>`;
}

function readAtom(reader: Reader): string {
  const token = reader.tokens[reader.at++];
  if (token === undefined) throw new Error('an equation ends too early');
  if (token === '{') return `<mrow>${readRow(reader, '}')}</mrow>`;
  if (token.startsWith('\\')) return readCommand(token.slice(1), reader);
  if (/^[0-9]/.test(token)) return `<mn>${token}</mn>`;
  if (/^[A-Za-z]$/.test(token)) return `<mi>${token}</mi>`;
  return operator(token === '-' ? '−' : token);
}

function readCommand(name: string, reader: Reader): string {
  if (name === 'frac') return `<mfrac>${readAtom(reader)}${readAtom(reader)}</mfrac>`;
  if (name === 'sqrt') return `<msqrt>${readAtom(reader)}</msqrt>`;
  if (name in ACCENTS) return `<mover accent="true">${readAtom(reader)}<mo>${ACCENTS[name]}</mo></mover>`;
  if (name === 'mathrm' || name === 'text') return `<mtext>${readWords(reader)}</mtext>`;
  if (name === 'left') return `<mrow>${readFence(reader)}${readUntilRight(reader)}</mrow>`;
  if (name in IDENTIFIERS) return `<mi>${IDENTIFIERS[name]}</mi>`;
  if (name in OPERATORS)
    return /^[A-Za-z]/.test(OPERATORS[name]) ? `<mi>${OPERATORS[name]}</mi>` : operator(OPERATORS[name]);
  if (name === ',' || name === ';') return '<mspace width="0.25em"></mspace>';
  throw new Error(`an equation has \\${name}, which isn't known`);
}

function readUntilRight(reader: Reader): string {
  let out = '';
  while (reader.tokens[reader.at] !== '\\right') {
    if (reader.at >= reader.tokens.length) throw new Error('an equation lacks its \\right');
    out += readScripted(reader);
  }
  reader.at++;
  return out + readFence(reader);
}

/** A bracket that grows with what it holds. */
function readFence(reader: Reader): string {
  return readAtom(reader).replace(' stretchy="false"', ' stretchy="true"');
}

/** Words in a group; spaces between tokens are put back. */
function readWords(reader: Reader): string {
  if (reader.tokens[reader.at++] !== '{') throw new Error('words in an equation stand in { }');
  const end = reader.tokens.indexOf('}', reader.at);
  const words = reader.tokens.slice(reader.at, end).join('').replaceAll('~', '\u00a0');
  reader.at = end + 1;
  return escaped(words);
}

function operator(symbol: string): string {
  const stretchy = '()[]|‖⟨⟩{}'.includes(symbol) ? ' stretchy="false"' : '';
  return `<mo${stretchy}>${escaped(symbol)}</mo>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
