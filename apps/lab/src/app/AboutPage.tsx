import type { JSX } from 'preact';
import type { Lab } from './lab.ts';
import { useReadable } from './useReadable.ts';
import { VERSIONS } from './versions.ts';

/** What the numbers are made with, and under which licences everything comes. */
export function AboutPage({ lab }: { readonly lab: Lab }): JSX.Element {
  const backends = useReadable(lab.session.backends);
  return (
    <>
      <h1>About</h1>
      <p class="page-lead">
        Theory and training of gated deep networks on the same problem. Everything is computed in this page; your data
        and your experiments stay on this machine.
      </p>
      <h2>Backends of this page</h2>
      <dl class="facts">
        <dt>Linear algebra</dt>
        <dd>{backends?.linalg || 'not loaded yet: open an experiment'}</dd>
        <dt>Tensors</dt>
        <dd>{backends?.tensor || 'not loaded yet: train a network'}</dd>
        <dt>Shared memory for threads</dt>
        <dd>{window.crossOriginIsolated ? 'yes, the page is isolated' : 'no, the page is not isolated'}</dd>
        {backends?.warning && (
          <>
            <dt>Note</dt>
            <dd>{backends.warning}</dd>
          </>
        )}
      </dl>
      <h2>Versions</h2>
      <dl class="facts">
        {Object.entries(VERSIONS).map(([name, version]) => (
          <>
            <dt>{name}</dt>
            <dd class="num">{version}</dd>
          </>
        ))}
      </dl>
      <h2>Plugins</h2>
      <p>{lab.registry.plugins.map(({ name }) => name).join(' · ')}</p>
      <Licences />
    </>
  );
}

function Licences(): JSX.Element {
  return (
    <>
      <h2>Licences</h2>
      <dl class="facts">
        <dt>ggdln</dt>
        <dd>MIT</dd>
        <dt>Inter, the typeface</dt>
        <dd>
          © The Inter Project Authors, <a href="./fonts/inter-licence.txt">SIL Open Font License 1.1</a>
        </dd>
        <dt>MNIST digits</dt>
        <dd>
          Y. LeCun, C. Cortes and C. Burges, from NIST’s collection; Creative Commons Attribution-ShareAlike 3.0. The
          subset that travels with this page says where it is from beside its numbers.
        </dd>
        <dt>Preact, Observable Plot, fflate, yaml, TensorFlow.js, ml-matrix</dt>
        <dd>MIT, ISC and Apache 2.0; their texts come with the packages</dd>
      </dl>
    </>
  );
}
