import type { Plugin } from 'vite';

/** Modules of this repository's packages, from sources or as published. */
const OURS = /[\\/]packages[\\/][^?]*\.(?:ts|js)$/;
/** What the page calls of plugins is their declaration; only networks are made here, to count their layers. */
const DECLARATIONS = /^define(?:Dataset|Gating|Learner|Theory|Linalg|Tensor|Executor|Study)$/;
const TENSORS = /^@tensorflow\//;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const REFUSAL = '() => { throw new Error("This is computed in workers alone"); }';

/**
 * Leaves out of the page what only workers run: the `create` of plugins, their conformance cases, and tensors. What
 * nothing else needs then falls out of the bundle; workers are bundled apart and keep everything.
 */
export function pageOnlyPlugin(): Plugin {
  return {
    name: 'lab-page-only',
    apply: 'build',
    transform(code, id) {
      if (!OURS.test(id) || !/define[A-Z]|@tensorflow\/|conformance/.test(code)) return null;
      const edits: Edit[] = [];
      visit(this.parse(code) as unknown as Node, (node) => edits.push(...editsOf(node)));
      if (edits.length === 0) return null;
      return { code: applied(code, edits), map: null };
    },
  };
}

function editsOf(node: Node): Edit[] {
  if (node.type === 'ImportDeclaration') return importEdits(node);
  if (node.type === 'CallExpression' && DECLARATIONS.test(nameOf(node.callee)))
    return propertiesOf((node.arguments as Node[])[0])
      .filter(({ key }) => nameOf(key) === 'create')
      .map(({ start, end }) => ({ start, end, text: `create: ${REFUSAL}` }));
  const properties = propertiesOf(node);
  // A plugin: it says which contract it follows.
  if (!properties.some(({ key }) => nameOf(key) === 'contract')) return [];
  return properties
    .filter(({ key }) => nameOf(key) === 'conformance')
    .map(({ start, end }) => ({ start, end, text: 'conformance: {}' }));
}

function importEdits(node: Node): Edit[] {
  if (!TENSORS.test(String((node.source as Node).value))) return [];
  const names = (node.specifiers as Node[]).map(({ local }) => nameOf(local));
  return [{ start: node.start, end: node.end, text: names.map((name) => `const ${name} = ${REFUSAL};`).join('') }];
}

const propertiesOf = (node: Node | undefined): Node[] =>
  node?.type === 'ObjectExpression' ? (node.properties as Node[]).filter(({ type }) => type === 'Property') : [];

const nameOf = (node: unknown): string => String((node as { readonly name?: unknown } | undefined)?.name ?? '');

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const child of Object.values(node).flat()) {
    if (child !== null && typeof child === 'object' && typeof (child as Node).type === 'string')
      visit(child as Node, see);
  }
}

function applied(code: string, edits: readonly Edit[]): string {
  const backwards = [...edits].sort((a, b) => b.start - a.start);
  return backwards.reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), code);
}
