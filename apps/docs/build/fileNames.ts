import type MarkdownIt from 'markdown-it';

/** Shows the name of an example that is to be saved, ```` ```yaml file=first.yaml ````, above it. */
export function fileNames(md: MarkdownIt): void {
  const fence = md.renderer.rules.fence;
  if (!fence) throw new Error('there is no rule for fenced code to put names above');
  md.renderer.rules.fence = (tokens, i, options, env, self) => {
    const name = /(?:^| )file=([\w.-]+)/.exec(tokens[i].info)?.[1];
    const code = fence(tokens, i, options, env, self);
    return name === undefined ? code : `<div class="file-name"><code>${name}</code></div>\n${code}`;
  };
}
