import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { ExportMenu } from '../export/ExportMenu.tsx';
import { Brand, Icon, ThemeIcon } from './Icon.tsx';
import type { Lab } from './lab.ts';
import type { Offline } from './offline.ts';
import type { Route } from './route.ts';

/** The bar at the top: where one can go, whether it works offline, and what can be taken away. */
export function Header(props: {
  readonly lab: Lab;
  readonly route: Route;
  readonly offline: Offline;
  readonly onShare: () => void;
}): JSX.Element {
  const { lab, route } = props;
  const dark = lab.theme.value === 'dark';
  return (
    <header class="top">
      <a class="brand" href="#/" aria-label="ggdln lab, back to the experiment">
        <Brand />
        <span>
          <b>ggdln</b> lab
        </span>
      </a>
      <nav class="top-nav" aria-label="Main">
        <NavLink href="#gallery" label="Gallery" here={route.page === 'gallery'} />
        <NavLink href="#own-data" label="Own data" here={route.page === 'lab' && route.over === 'own-data'} />
        <NavLink href="#own-plugin" label="Own plugin" here={route.page === 'lab' && route.over === 'own-plugin'} />
        <NavLink href="#theory" label="Theory pages" here={route.page === 'theory'} />
      </nav>
      <div class="top-right">
        <OfflineDot offline={props.offline} />
        <button type="button" class="btn" onClick={props.onShare} aria-label="Share link to this run">
          <Icon name="share" />
          <span class="top-label">Share link</span>
        </button>
        <ExportMenu lab={lab} />
        <button
          type="button"
          class="btn icon quiet"
          aria-label={`Switch to ${dark ? 'light' : 'dark'} theme`}
          onClick={() => switchTheme(lab)}
        >
          <ThemeIcon />
        </button>
        <a class="btn icon quiet top-keys" href="#keyboard" title="Keyboard shortcuts (?)">
          <span aria-hidden="true">?</span>
          <span class="sr">Keyboard shortcuts</span>
        </a>
        <NarrowMenu />
      </div>
    </header>
  );
}

const PAGES = [
  { href: '#/', label: 'Lab' },
  { href: '#gallery', label: 'Gallery' },
  { href: '#own-data', label: 'Own data' },
  { href: '#own-plugin', label: 'Own plugin' },
  { href: '#theory', label: 'Theory pages' },
  { href: '#about', label: 'Versions and licences' },
] as const;

/** Where one can go, for screens without room for it in the bar. */
function NarrowMenu(): JSX.Element {
  const list = useRef<HTMLElement>(null);
  return (
    <>
      <button type="button" class="btn icon quiet top-menu" popovertarget="top-menu-list" aria-label="All pages">
        <Icon name="menu" />
      </button>
      <nav class="top-menu-list" id="top-menu-list" popover="auto" aria-label="Menu" ref={list}>
        {PAGES.map(({ href, label }) => (
          <a key={href} class="btn quiet" href={href} onClick={() => list.current?.hidePopover()}>
            {label}
          </a>
        ))}
      </nav>
    </>
  );
}

/** The other theme; it is remembered. */
export function switchTheme({ preferences, theme }: Pick<Lab, 'preferences' | 'theme'>): void {
  preferences.theme.value = theme.peek() === 'dark' ? 'light' : 'dark';
}

function NavLink(props: { readonly href: string; readonly label: string; readonly here: boolean }): JSX.Element {
  return (
    <a class="btn quiet" href={props.href} aria-current={props.here ? 'page' : undefined}>
      {props.label}
    </a>
  );
}

function OfflineDot({ offline }: { readonly offline: Offline }): JSX.Element | null {
  const state = offline.state.value;
  if (state === 'unknown') return null;
  const words = { kept: 'Works offline', 'new version': 'New version after reload', offline: 'Offline' } as const;
  return (
    <span class="top-offline" data-offline={state}>
      <i class="top-dot" />
      {words[state]}
    </span>
  );
}
