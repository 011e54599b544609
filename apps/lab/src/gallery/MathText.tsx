import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { mathFigure } from './mathFigure.ts';

/** Equations given as MathML; see `mathFigure`. */
export function MathText({ mathml, label }: { readonly mathml: string; readonly label: string }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.replaceChildren(mathFigure(mathml, label, document));
  }, [mathml, label]);
  return <div ref={place} />;
}
