import { type Cell, createRegistry } from '@ggdln/core';
import { overrideSpec, parseSpec, planPoints, resolveSpec } from '@ggdln/experiments';
import { decodeCsv, encodeCsv } from '@ggdln/io';
import { standardPlugins } from '@ggdln/standard';
import { parseNumericCsv } from '../../../../packages/cli/src/numericCsv.ts';
import { type FuzzTarget, insist, utf8 } from '../target.ts';

const decoder = new TextDecoder();
const textAllowance = (fileBytes: number) => 4096 + 16 * fileBytes;

/** Result tables. */
export const csvTarget: FuzzTarget = {
  name: 'CSV',
  samples: [
    'width,bias,kind\r\n10,0.25,theory\r\n30,,"a ""b"", c"\r\n',
    'a\n1e308\n-0\ntrue\n"true"\n',
    '\ufeffx,y\n1,2\n',
    '"","a"\n1,2\n',
    '__proto__,constructor\n1,2\n',
  ].map(utf8),
  large: [
    () => utf8(`a\n"${'""'.repeat(5_000_000)}"`),
    () => utf8(`a\n"${'""'.repeat(5_000_000)}`),
    () => utf8('x'.repeat(20_000_000)),
    () => utf8(Array.from({ length: 200_000 }, (_, i) => `c${i}`).join(',')),
    () => utf8(',\n'.repeat(200_000)),
  ],
  tokens: ['"', '""', ',', '\r\n', '\n', '\r', 'true', '1e999', '__proto__', '\u0000', '"\n'],
  read: (bytes) => {
    const table = decodeCsv(decoder.decode(bytes));
    if (table.columns.length === 0) return;
    const again = decodeCsv(encodeCsv(table));
    insist(`${again.columns}` === `${table.columns}`, 'other columns after writing');
    const cells = ({ rows, columns }: typeof table): Cell[] => rows.flatMap((row) => columns.map((name) => row[name]));
    const [a, b] = [cells(again), cells(table)];
    insist(
      b.every((cell) => cell === null || typeof cell !== 'object'),
      'a cell that is none',
    );
    insist(a.length === b.length && a.every((cell, i) => Object.is(cell, b[i])), 'other cells after writing');
  },
  allowance: textAllowance,
};

/** Matrices that users bring as text. */
export const numericCsvTarget: FuzzTarget = {
  name: 'CSV of numbers',
  samples: ['1,2\n3,4\n', 'a;b\n1;2\n', '1 2\t3\n', '"1","2"\n', '0x10,1e3\n', '\n\n'].map(utf8),
  large: [
    () => utf8('1 '.repeat(1_000_000)),
    () => utf8('1\n'.repeat(500_000)),
    () => utf8('"'.repeat(5_000_000)),
    () => utf8(`${'\t'.repeat(5_000_000)}1`),
  ],
  tokens: ['NaN', 'inf', '"', ';', '\t', ' ', '1e999', '0b1', '-', '\n', '1,'],
  read: (bytes) => {
    const { rows, cols, data } = parseNumericCsv(decoder.decode(bytes), 'numbers.csv');
    insist(data.length === rows * cols && data.every(Number.isFinite), `${rows} × ${cols} from ${data.length} numbers`);
  },
  allowance: textAllowance,
};

const SPECS = [
  `ggdln: 1
name: smoke
temperature: 0.5
dataset: { use: noisy-teacher, inputs: 8, trainSize: 16, testSize: 20 }
gating: { use: half-spaces, gates: 2 }
architecture: { use: ggdln, depth: 1 }
sweep:
  architecture.width: [10, 30, 90]
learners:
  - { use: block-gibbs, sweeps: 300, at: { architecture.width: [30] } }
theories: [{ use: ggdln, as: exact }]
figure: { x: architecture.width, metrics: [bias, variance] }
`,
  '{"ggdln":1,"name":"a","temperature":1,"dataset":{"use":"mnist"},"gating":[{"use":"always-on"}],"architecture":{"use":"ggdln","width":3},"theories":[{"use":"ggdln"}]}',
  'ggdln: 1\nname: &a b\ntitle: *a\ntemperature: .inf\n<<: { seed: 3 }\n',
  'a: &a [1,2]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n',
];

const lines = (count: number, line: (i: number) => string) =>
  utf8(Array.from({ length: count }, (_, i) => line(i)).join('\n'));
const sweepOf = (axes: string) => utf8(SPECS[0].replace('architecture.width: [10, 30, 90]', axes));

/** Texts that grow in memory or time when they are read. */
const largeSpecs = [
  () => lines(60_000, (i) => `k${i}: 1`),
  () => lines(30, (i) => `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`),
  () => utf8(`a: ${'['.repeat(50_000)}`),
  () => utf8('? '.repeat(50_000)),
  () => utf8('- '.repeat(50_000)),
  () => lines(1500, (i) => `${' '.repeat(i)}a:`).subarray(0, 2 ** 20),
  () => utf8(`a${': \n '.repeat(20_000)}`),
  () => utf8('a:\n '.repeat(20_000)),
  () => utf8('%A\n'.repeat(50_000)),
  () => utf8('#'.repeat(2 ** 21)),
  () => sweepOf(`temperature: [${'1, '.repeat(1000)}2]\n  architecture.width: [${'3, '.repeat(1000)}4]`),
  () => sweepOf(`architecture.width: [${Array.from({ length: 5000 }, (_, i) => i + 1)}]`),
];

const registry = createRegistry(standardPlugins);

/** Experiments. */
export const specTarget: FuzzTarget = {
  name: 'YAML spec',
  samples: SPECS.map(utf8),
  large: largeSpecs,
  tokens: [
    '&a ',
    '*a',
    '[',
    '{',
    ': ',
    '- ',
    '? ',
    '!!js/function "x"',
    '!!binary ',
    '|',
    '>',
    '__proto__: 1\n',
    '<<: *a\n',
  ].concat([
    '\n  ',
    '---\n',
    '%YAML 1.1\n',
    '.nan',
    '"',
    "'",
    '#',
    '\t',
    'sweep:\n  seed: [1, 2]\n',
    'at: {}',
    '1e999',
  ]),
  read: async (bytes) => {
    const file = parseSpec(decoder.decode(bytes), 'spec.yaml');
    const points = await planPoints(resolveSpec(overrideSpec(file, { seed: 3 }), registry));
    insist(points.length > 0, 'an experiment without points');
  },
  allowance: (fileBytes) => 65536 + 64 * fileBytes,
};
