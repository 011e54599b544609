import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, Converter, ReflectionKind, TSConfigReader } from 'typedoc';
import { apiPath } from './apiPath.ts';
import { type EntryPoint, entryPoints, REPOSITORY } from './repository.ts';

/** Options of typedoc-plugin-markdown, which typedoc's own types don't know. */
const MARKDOWN = {
  router: 'module',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  tableColumnSettings: { hideSources: true },
};

/**
 * Writes a page for every module that users may import, from its doc comments.
 * @param root Of the repository.
 * @param pages Folder of the pages; they go to `api` in it.
 * @throws Error when the sources can't be read.
 */
export async function writeApi(root: string, pages: string): Promise<void> {
  const entries = entryPoints(root);
  const folder = join(pages, 'api');
  const raw = join(pages, '../api');
  await convert(root, entries, raw);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const written = new Set(readdirSync(raw, { recursive: true, encoding: 'utf8' }));
  for (const entry of entries) {
    const file = `${entry.name}.md`;
    if (!written.has(file)) throw new Error(`no page was made of ${entry.name}`);
    const text = readFileSync(join(raw, file), 'utf8');
    writeFileSync(join(pages, apiPath(entry.name)), finish(text, entries));
  }
  writeFileSync(join(folder, 'index.md'), indexPage(entries));
}

async function convert(root: string, entries: readonly EntryPoint[], out: string): Promise<void> {
  const app = await Application.bootstrapWithPlugins(
    {
      plugin: ['typedoc-plugin-markdown'],
      entryPoints: entries.map(({ source }) => join(root, source)),
      tsconfig: join(root, 'tsconfig.json'),
      basePath: root,
      skipErrorChecking: true,
      excludeInternal: true,
      excludePrivate: true,
      gitRevision: 'main',
      sourceLinkTemplate: `${REPOSITORY}/packages/{path}#L{line}`,
      disableGit: true,
      readme: 'none',
      logLevel: 'Error',
      groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases', 'References'],
      ...MARKDOWN,
    },
    [new TSConfigReader()],
  );
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection) => {
    if (reflection.kind !== ReflectionKind.Module) return;
    const file = reflection.sources?.[0]?.fullFileName ?? '';
    const entry = entries.find(({ source }) => file.endsWith(source));
    if (entry) reflection.name = entry.name;
  });
  const project = await app.convert();
  if (!project) throw new Error('typedoc could not read the sources');
  await app.generateOutputs(project);
  await app.outputs.writeOutput({ name: 'markdown', path: out }, project);
}

/** Links between modules, as pages of the site. */
function finish(markdown: string, entries: readonly EntryPoint[]): string {
  return escapeMathematics(markdown).replace(
    /\]\(([^)\s]*?)([\w-]+(?:\/[\w-]+)*)\.md(#[^)]*)?\)/g,
    (all, _up: string, path: string, hash = '') => {
      const entry = entries.find(({ name }) => name.replace('@', '').endsWith(path) || name.endsWith(path));
      return entry ? `](/${apiPath(entry.name)}${hash})` : all;
    },
  );
}

/** Doc comments write `g^(l)_m(x)`: the underscore is an index there, not emphasis. Code and links are left alone. */
function escapeMathematics(markdown: string): string {
  let fenced = false;
  return markdown
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) fenced = !fenced;
      if (fenced || line.startsWith('#')) return line;
      const parts = line.split(/(`[^`]*`|\]\([^)]*\))/);
      return parts.map((part, i) => (i % 2 === 1 ? part : part.replace(/(?<=[^\s\\_|])_(?=[^\s_])/g, '\\_'))).join('');
    })
    .join('\n');
}

function indexPage(entries: readonly EntryPoint[]): string {
  const lines = entries.map(({ name }) => `- [\`${name}\`](/${apiPath(name)})`);
  return `# API\n\nWhat every module exports, from the doc comments in its sources.\n\n${lines.join('\n')}\n`;
}
