import { isGgdlnError, PLUGIN_KINDS, type Plugin } from '@ggdln/core';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Drawer } from '../app/Drawer.tsx';
import './ownPlugins.css';
import type { OwnPlugin, OwnPlugins } from './ownPlugins.ts';
import type { PluginFile } from './pluginFile.ts';

/** The drawer that takes a plugin in from a file on disk, after asking. */
export function OwnPluginDrawer(props: {
  readonly plugins: OwnPlugins;
  /** Names of plugins that the experiment needs and nobody has loaded. */
  readonly missing: readonly string[];
  /** A plugin came or went: what it brings may be part of the experiment. */
  readonly onChange: (plugin: Plugin) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { plugins, missing, onChange, onClose } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, ask] = useState<PluginFile | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const [said, say] = useState('');

  const choose = async (file: File | undefined) => {
    if (!file) return;
    setProblem('');
    say('');
    ask({ name: file.name, source: await file.text() });
  };
  /** The buttons of the question go, so the keyboard goes on from the top. */
  const leave = () => {
    ask(undefined);
    heading.current?.focus();
  };
  const load = async (file: PluginFile) => {
    leave();
    try {
      const { plugin } = await plugins.add(file);
      say(`${plugin.name} is loaded.`);
      onChange(plugin);
    } catch (error) {
      if (!isGgdlnError(error)) throw error;
      setProblem([error.problem, error.remedy].filter(Boolean).join('. '));
    }
  };
  const remove = ({ plugin }: OwnPlugin) => {
    plugins.remove(plugin.name);
    say(`${plugin.name} is removed.`);
    onChange(plugin);
  };
  return (
    <Drawer id="own-plugins" title="Own plugin" heading={heading} onClose={onClose}>
      <p>
        A plugin of yours as one built JavaScript file: its gatings, datasets and other parts appear under Compose, its
        panels among the others.
      </p>
      {missing.length > 0 && <p class="note warn">This experiment needs {missing.join(', ')}.</p>}
      <Chooser onChoose={choose} />
      {asked && <Question file={asked} onLoad={load} onLeave={leave} />}
      {problem !== '' && (
        <div class="note err" role="alert">
          {problem}.
        </div>
      )}
      <p class="own-plugins-said" role="status">
        {said}
      </p>
      <Loaded loaded={plugins.loaded.value} onRemove={remove} />
    </Drawer>
  );
}

function Chooser({ onChoose }: { readonly onChoose: (file: File | undefined) => void }): JSX.Element {
  return (
    <div class="own-plugins-choose">
      <label class="btn" for="own-plugins-file">
        Choose a file…
      </label>
      <input
        id="own-plugins-file"
        class="drawer-file"
        type="file"
        accept=".js,.mjs,text/javascript"
        onChange={(event) => {
          const { currentTarget } = event;
          onChoose(currentTarget.files?.[0]);
          currentTarget.value = '';
        }}
      />
      <p class="muted small">
        A .js or .mjs file, as npm run build of a plugin gives it. It may import @ggdln/core and what else of ggdln the
        lab holds.
      </p>
    </div>
  );
}

/** Nothing of the file has run yet. */
function Question(props: {
  readonly file: PluginFile;
  readonly onLoad: (file: PluginFile) => void;
  readonly onLeave: () => void;
}): JSX.Element {
  const { file } = props;
  const load = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => load.current?.focus(), [file]);
  return (
    <fieldset class="own-plugins-question note warn" aria-labelledby="own-plugins-question">
      <b id="own-plugins-question">Run the code of {file.name} in this page?</b>
      <p>
        It can do whatever this page can, and sees what the page sees: the experiment and your own data. Load only what
        you wrote or trust.
      </p>
      <div class="own-plugins-answers">
        <button type="button" class="btn primary" ref={load} onClick={() => props.onLoad(file)}>
          Run and load it
        </button>
        <button type="button" class="btn" onClick={props.onLeave}>
          Don't
        </button>
      </div>
    </fieldset>
  );
}

function Loaded(props: {
  readonly loaded: readonly OwnPlugin[];
  readonly onRemove: (own: OwnPlugin) => void;
}): JSX.Element | null {
  if (props.loaded.length === 0) return null;
  return (
    <div class="own-plugins-loaded">
      <h3>Loaded until this page is closed or reloaded</h3>
      <ul>
        {props.loaded.map((own) => (
          <li key={own.plugin.name}>
            <span>
              <b>{own.plugin.name}</b> <span class="muted small">{own.file.name}</span>
              <br />
              <span class="small">{contentsOf(own.plugin)}</span>
            </span>
            <button
              type="button"
              class="btn small"
              aria-label={`Remove ${own.plugin.name}`}
              onClick={() => props.onRemove(own)}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      <p class="muted small">After a change, build it and choose the file again: it takes the place of the old one.</p>
    </div>
  );
}

/** What the lab never asks for: it computes with backends of its own, here. */
const UNUSED: readonly string[] = ['linalg', 'tensor', 'executor'];

/** `gating stripes, panel dots`. */
function contentsOf(plugin: Plugin): string {
  return [...PLUGIN_KINDS, 'panel' as const]
    .flatMap((kind) =>
      Object.keys(plugin[kind] ?? {}).map(
        (name) => `${kind} ${name}${UNUSED.includes(kind) ? ' (not used in the lab)' : ''}`,
      ),
    )
    .join(', ');
}
