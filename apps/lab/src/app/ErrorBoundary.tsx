import { Component, type ComponentChildren, type JSX } from 'preact';

interface Props {
  readonly children: ComponentChildren;
  /** What failed, e.g. `The panels`. */
  readonly what: string;
}

/** Keeps a fault in one part from taking the page with it: the state lives elsewhere and stays, links still work. */
export class ErrorBoundary extends Component<Props, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};

  static override getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override componentDidCatch(error: unknown): void {
    // Visible to whoever looks for the fault, as an uncaught error would be.
    console.error(error);
  }

  override render(): JSX.Element {
    const { error } = this.state;
    if (!error) return <>{this.props.children}</>;
    return (
      <div class="note err" role="alert">
        <b>{this.props.what} stopped working.</b>
        {error.message}. The experiment and its settings are kept.
        <br />
        <button type="button" class="btn" onClick={() => this.setState({ error: undefined })}>
          Draw again
        </button>
      </div>
    );
  }
}
