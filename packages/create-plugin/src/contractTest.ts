import type { TemplateKind } from './kinds.ts';

/** The test of a new plugin, for `node --test`: its contract suites, on the package as it is built. */
export function contractTest(kind: TemplateKind, name: string): string {
  const { imports, setup } = setupOf(kind);
  // Node's own modules first, as formatters have it.
  const [node, packages] = [true, false].map((own) => imports.filter((line) => line.includes("'node:") === own));
  return `${[...node, "import { describe, it } from 'node:test';"].join('\n')}
${[...packages, "import { checkPlugin } from '@ggdln/plugin-testkit/checks';", `import { plugin } from '${name}';`].join('\n')}

for (const { kind, name, checks } of checkPlugin(plugin${setup === '' ? '' : `, ${setup}`})) {
  describe(\`\${kind} \${name}\`, () => {
    for (const { name, run } of checks) it(name, run);
  });
}
`;
}

function setupOf(kind: TemplateKind): { readonly imports: readonly string[]; readonly setup: string } {
  switch (kind) {
    case 'learner':
    case 'theory':
      return {
        imports: ["import { architecturesPlugin } from '@ggdln/architectures';"],
        setup: '{ architectures: architecturesPlugin.architecture }',
      };
    case 'executor':
      return {
        imports: [
          "import { mkdtempSync } from 'node:fs';",
          "import { tmpdir } from 'node:os';",
          "import { join } from 'node:path';",
        ],
        setup: "{ folder: mkdtempSync(join(tmpdir(), 'executor-')) }",
      };
    case 'panel':
      return {
        imports: ["import { JSDOM } from 'jsdom';"],
        setup: '{ document: () => new JSDOM().window.document }',
      };
    default:
      return { imports: [], setup: '' };
  }
}
