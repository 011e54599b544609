import type { DefaultTheme } from 'vitepress';
import { apiPath } from './apiPath.ts';
import { entryPoints, publicPackages } from './repository.ts';

const item = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link });

const GUIDES: readonly DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [item('First experiment', '/guide/first-experiment'), item('Compose an experiment', '/guide/experiments')],
  },
  {
    text: 'Guides',
    items: [
      item('Sweeps', '/guide/sweeps'),
      item('All cores and Slurm', '/guide/cores-and-slurm'),
      item('Resume, keep and compare runs', '/guide/runs'),
      item('Solve arrays of your own', '/guide/solve'),
      item('Sample networks', '/guide/sample'),
      item('Own data', '/guide/own-data'),
      item('Reproduce figures', '/guide/reproduce'),
      item('The lab', '/guide/lab'),
      item('Write a plugin', '/guide/write-a-plugin'),
      item('From Python and R', '/guide/python-and-r'),
      item('Numerical trouble', '/guide/trouble'),
    ],
  },
  {
    text: 'Coming from',
    items: [
      item('gated-dln', '/from/gated-dln'),
      item('neural-tangents', '/from/neural-tangents'),
      item('deepbays', '/from/deepbays'),
    ],
  },
  {
    text: 'Reference',
    items: [
      item('Plugins and their options', '/guide/plugins'),
      item('Who solves what', '/support'),
      item('Pathway tasks', '/guide/k-path'),
      item('Benchmarks', '/benchmarks'),
      item('Contributing', '/contributing'),
    ],
  },
];

const THEORY: readonly DefaultTheme.SidebarItem[] = [
  {
    text: 'Theory',
    items: [
      item('How to read these pages', '/theory/'),
      item('Globally gated networks', '/theory/ggdln'),
      item('Deep linear networks', '/theory/bpkr'),
      item('The neural race', '/theory/race'),
      item('GaLU', '/theory/galu'),
      item('Gated linear networks', '/theory/gln'),
      item('Learning over time', '/theory/ndk'),
      item('Task after task', '/theory/continual'),
    ],
  },
];

/** Menu and side bars. @param root Of the repository. */
export function navigation(root: string): Pick<DefaultTheme.Config, 'nav' | 'sidebar'> {
  const packages = publicPackages(root).map((name) => item(name, `/packages/${name}`));
  const modules = entryPoints(root).map(({ name }) =>
    item(name.replace('@ggdln/', ''), `/${apiPath(name).replace('.md', '')}`),
  );
  const reference = [
    { text: 'API', items: [item('All modules', '/api/'), ...modules] },
    { text: 'Packages', items: packages },
  ];
  return {
    nav: [
      { text: 'Guide', link: '/guide/first-experiment', activeMatch: '^/(guide|from)/' },
      { text: 'Theory', link: '/theory/', activeMatch: '^/theory/' },
      { text: 'API', link: '/api/', activeMatch: '^/(api|packages)/' },
      { text: 'Benchmarks', link: '/benchmarks' },
    ],
    sidebar: {
      '/theory/': THEORY as DefaultTheme.SidebarItem[],
      '/api/': reference,
      '/packages/': reference,
      '/': GUIDES as DefaultTheme.SidebarItem[],
    },
  };
}
