import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { equationLink } from '../app/route.ts';
import { MathText } from '../gallery/MathText.tsx';
import { texToMathml } from './texToMathml.ts';
import type { TheoryPage, TheorySection } from './theoryPage.ts';

/** A page with its sections; the one that was asked for is scrolled to and marked. */
export function TheoryPageView(props: {
  readonly page: TheoryPage;
  readonly section: string | undefined;
}): JSX.Element {
  const { page, section } = props;
  useEffect(() => {
    if (section === undefined) return;
    const heading = document.getElementById(headingId(section));
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
  }, [section]);
  return (
    <article class="theory">
      <p class="theory-back">
        <a href="#theory">All theory pages</a>
      </p>
      <h1>{page.title}</h1>
      <p class="page-lead">{page.summary}</p>
      <p class="small muted">
        After {page.source.text},{' '}
        <a href={`https://arxiv.org/abs/${page.source.arxiv}`} rel="noreferrer">
          arXiv {page.source.arxiv}
        </a>
        . Order parameters and symbols as in this program.
      </p>
      <div class="theory-columns">
        <nav class="theory-sections" aria-label="Sections">
          {page.sections.map(({ id, title }) => (
            <a key={id} href={equationLink(`${page.id}/${id}`)} aria-current={id === section ? 'true' : undefined}>
              <span class="num">{id}</span> {title}
            </a>
          ))}
        </nav>
        <div>
          {page.sections.map((part) => (
            <Section key={part.id} part={part} asked={part.id === section} />
          ))}
        </div>
      </div>
    </article>
  );
}

const headingId = (section: string): string => `section-${section}`;

function Section({ part, asked }: { readonly part: TheorySection; readonly asked: boolean }): JSX.Element {
  return (
    <section class={`theory-section${asked ? ' asked' : ''}`} aria-labelledby={headingId(part.id)}>
      <h2 id={headingId(part.id)} tabIndex={-1}>
        <span class="muted num">{part.id}</span> {part.title}
      </h2>
      {part.text.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      {part.equations.length > 0 && (
        <MathText mathml={part.equations.map(texToMathml).join('')} label={`Equations: ${part.title}`} />
      )}
      <p class="small muted">
        Computed by{' '}
        {part.computedBy.map(({ name, from }, i) => (
          <span key={name}>
            {i > 0 && ', '}
            <code>{name}</code> of <code>{from}</code>
          </span>
        ))}
      </p>
    </section>
  );
}
