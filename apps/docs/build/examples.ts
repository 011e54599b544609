/** A fenced example of a page. */
export interface Example {
  /** `sh`, `yaml`, `ts`, `python`, `text`, … */
  readonly language: string;
  /** Words after the language: `run`, `says`, `file=first.yaml`, `exit=3`. */
  readonly marks: readonly string[];
  readonly code: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
}

/** The fenced code of a page, in order. */
export function examplesOf(markdown: string): readonly Example[] {
  const found: Example[] = [];
  let open: { fence: string; info: readonly string[]; at: number; lines: string[] } | undefined;
  markdown.split('\n').forEach((text, i) => {
    const fence = /^(`{3,})(.*)$/.exec(text);
    if (open && fence?.[1].startsWith(open.fence) && fence[2].trim() === '') {
      const [language = '', ...marks] = open.info;
      found.push({ language, marks, code: open.lines.join('\n'), line: open.at });
      open = undefined;
    } else if (open) open.lines.push(text);
    else if (fence) open = { fence: fence[1], info: fence[2].trim().split(/\s+/), at: i + 2, lines: [] };
  });
  return found;
}

/** The value of a mark such as `file=first.yaml`. */
export function markOf(example: Example, name: string): string | undefined {
  return example.marks.find((mark) => mark.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Whether `said` has every line of a `text says` example, up to white space; a line of `…` stands for anything. */
export function missingLines(example: Example, said: string): readonly string[] {
  const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const all = flat(said);
  return example.code
    .split('\n')
    .map(flat)
    .filter((line) => line !== '' && line !== '…' && !all.includes(line));
}
