import type { ComponentChildren, JSX } from 'preact';

/** One of the stages: a disclosure with its number, kind, what was chosen, and its values in one line. */
export function Stage(props: {
  readonly number: number;
  readonly kind: string;
  readonly title: string;
  readonly summary: string;
  /** Something in it is wrong or doesn't fit. */
  readonly fault: boolean;
  readonly open?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { number, kind, title, summary, fault, open = false, children } = props;
  return (
    <details class="compose-stage" open={open} data-stage={kind.toLowerCase()}>
      <summary>
        <span class="compose-number" aria-hidden="true">
          {number}
        </span>
        <span class="compose-kind">{kind}</span>
        <svg class="compose-chevron" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden="true">
          <path d="M4 6l4 4 4-4" stroke-width="1.5" />
        </svg>
        <span class="compose-what">{title}</span>
        <span class="compose-sum">
          {summary}
          {fault && <b class="compose-fault"> Needs a change</b>}
        </span>
      </summary>
      <div class="compose-body">{children}</div>
    </details>
  );
}
