import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { TheoryPageView } from './TheoryPageView.tsx';
import type { TheoryPage } from './theoryPage.ts';

/** The theory pages: their index, or one of them at one of its sections. They are loaded when they are first asked for. */
export function TheoryRoute(props: { readonly system?: string; readonly section?: string }): JSX.Element {
  const { system, section } = props;
  const [pages, setPages] = useState<readonly TheoryPage[]>();
  useEffect(() => {
    void import('./pages/index.ts').then(({ theoryPages }) => setPages(theoryPages));
  }, []);
  if (!pages) return <h1>Theory pages</h1>;
  const page = pages.find(({ id }) => id === system);
  if (page) return <TheoryPageView page={page} section={section} />;
  return (
    <>
      <h1>Theory pages</h1>
      <p class="page-lead">
        What is computed beside the simulations: the equations, where they hold, and the function that evaluates each.
      </p>
      <ul class="theory-index">
        {pages.map(({ id, title, summary, sections }) => (
          <li key={id} class="card">
            <h2>
              <a href={`#theory/${id}`}>{title}</a>
            </h2>
            <p>{summary}</p>
            <p class="small muted">{sections.map((part) => part.title).join(' · ')}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
