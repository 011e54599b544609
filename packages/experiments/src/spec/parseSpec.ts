import { isMap, isNode, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { checkShape } from './checkShape.ts';
import { type Locate, type SpecFile, type SpecPath, specError } from './specSource.ts';

/**
 * Reads an experiment from YAML or JSON text and checks its shape; names of plugins and options are checked by
 * `resolveSpec`, which knows the registry.
 * @param fileName Only for messages.
 * @throws GGDLN_CONFIG with line and column, for text that can't be read, unknown keys (with the nearest known) and
 * values of the wrong type.
 */
export function parseSpec(text: string, fileName: string): SpecFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const position = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  const broken = document.errors[0];
  if (broken) {
    const origin = { fileName, locate: () => position(broken.pos[0]) };
    throw specError(origin, [], { problem: `this is not readable YAML or JSON: ${broken.message}`, cause: broken });
  }
  const locate: Locate = (path) => {
    const offset = offsetOf(document.contents, path);
    return offset === undefined ? undefined : position(offset);
  };
  const origin = { fileName, locate };
  return { spec: checkShape(toPlain(document, origin), origin), ...origin };
}

function toPlain(document: ReturnType<typeof parseDocument>, origin: Pick<SpecFile, 'fileName' | 'locate'>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const problem = `an alias can't be resolved: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw specError(origin, [], { problem, cause });
  }
}

/** Offset of the deepest part of the path that exists: of the key in a mapping, of the item in a list. */
function offsetOf(root: unknown, path: SpecPath): number | undefined {
  let node = root;
  let offset = startOf(root);
  for (const step of path) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((item) => String(keyText(item.key)) === String(step));
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? ((node as Node).range?.[0] ?? undefined) : undefined;
}

function keyText(key: unknown): unknown {
  return isNode(key) && 'value' in key ? key.value : key;
}
