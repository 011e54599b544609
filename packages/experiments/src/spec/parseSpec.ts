import { isMap, isNode, isSeq, LineCounter, type Node, type Pair, parseDocument, visit } from 'yaml';
import { checkShape, checkStudyShape } from './checkShape.ts';
import { type Locate, type SpecFile, type SpecOrigin, type SpecPath, specError } from './specSource.ts';
import { isStudy, type StudyFile } from './studySpec.ts';

/** Longer than any list of axis values; what parsing takes grows with it. */
const MAX_CHARACTERS = 2 ** 20;

/**
 * Reads an experiment from YAML or JSON text and checks its shape; names of plugins and options are checked by
 * `resolveSpec`, which knows the registry.
 * @param fileName Only for messages.
 * @throws GGDLN_CONFIG with line and column, for text that can't be read or is longer than 2²⁰ characters, unknown keys (with the nearest known) and
 * values of the wrong type.
 */
export function parseSpec(text: string, fileName: string): SpecFile {
  return read(text, fileName, (value, origin) => ({ spec: checkShape(value, origin), ...origin }));
}

/**
 * Reads a study from YAML or JSON text; its options are checked by `resolveStudy`.
 * @returns Nothing where the text is an experiment of parts, for `parseSpec`.
 * @throws GGDLN_CONFIG as `parseSpec`, and for a study among the parts of an experiment.
 */
export function parseStudy(text: string, fileName: string): StudyFile | undefined {
  return read(text, fileName, (value, origin) =>
    isStudy(value) ? { spec: checkStudyShape(value, origin), ...origin } : undefined,
  );
}

/** @param check Makes something of the plain value. */
function read<File>(text: string, fileName: string, check: (value: unknown, origin: SpecOrigin) => File): File {
  requireReasonable(text, fileName);
  try {
    const { value, origin } = readPlain(text, fileName);
    return check(value, origin);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    // The parser recurses; no experiment is nested as deeply as the stack allows.
    const problem = 'this is not readable YAML or JSON: it is nested too deeply';
    throw specError({ fileName, locate: () => undefined }, [], { problem, cause });
  }
}

function readPlain(text: string, fileName: string): { readonly value: unknown; readonly origin: SpecOrigin } {
  const lineCounter = new LineCounter();
  // The parser's own check of unique keys compares all pairs.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
  const position = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  const at = (offset: number) => ({ fileName, locate: () => position(offset) });
  const broken = document.errors[0];
  if (broken) {
    if (/call stack/.test(broken.message)) throw new RangeError(broken.message);
    const problem = `this is not readable YAML or JSON: ${broken.message}`;
    throw specError(at(broken.pos[0]), [], { problem, cause: broken });
  }
  const repeated = repeatedKey(document);
  if (repeated) {
    throw specError(at(startOf(repeated) ?? 0), [], { problem: `the key "${keyText(repeated)}" is given twice` });
  }
  const locate: Locate = (path) => {
    const offset = offsetOf(document.contents, path);
    return offset === undefined ? undefined : position(offset);
  };
  const origin = { fileName, locate };
  return { value: toPlain(document, origin), origin };
}

function requireReasonable(text: string, fileName: string): void {
  if (text.length <= MAX_CHARACTERS) return;
  throw specError({ fileName, locate: () => undefined }, [], {
    problem: `the experiment has ${text.length} characters, ${MAX_CHARACTERS} are the most that is read`,
    remedy: 'Give the file of an experiment, not of its results; long sweeps can be split',
  });
}

/** The second of two equal keys in one mapping. */
function repeatedKey(document: ReturnType<typeof parseDocument>): unknown {
  let repeated: unknown;
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<string>();
      repeated = items.find(({ key }) => seen.size === seen.add(String(keyText(key))).size)?.key;
      return repeated === undefined ? undefined : visit.BREAK;
    },
  });
  return repeated;
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
