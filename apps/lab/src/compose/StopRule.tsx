import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useReadable } from '../app/useReadable.ts';
import type { Session } from '../engine/session.ts';
import type { Store } from '../state/store.ts';
import { Problem } from './FieldFrame.tsx';
import { useDraft } from './useDraft.ts';

/** When sampling may end before its last sweep: once the first metric is known well enough everywhere. */
export function StopRule({ store, session }: { readonly store: Store; readonly session: Session }): JSX.Element | null {
  const { metrics, points } = useReadable(session.view);
  const [metric] = metrics;
  const bound = store.view.value.stopBelow;
  const draft = useDraft(bound === undefined ? '' : String(bound), { store, path: 'stop', title: 'Pause below' });
  useEffect(() => {
    session.setStopRule(bound === undefined || !metric ? undefined : { metric: metric.metric, stderr: bound });
  }, [session, bound, metric?.metric]);
  if (!metric || !points.some(({ role }) => role === 'exact-sampling' || role === 'langevin')) return null;
  const take = (text: string) => {
    const value = Number(text);
    if (text.trim() === '') store.look({ stopBelow: undefined });
    else if (value > 0 && Number.isFinite(value)) store.look({ stopBelow: value });
    else draft.refuse(text, `"${text}" is no standard error. Give a number above 0, or nothing to run to the end.`);
  };
  return (
    <div class="compose-stop">
      <label for="compose-stop">Pause when the s.e. of {metric.title.toLowerCase()} is below</label>
      <input
        id="compose-stop"
        class="num"
        type="text"
        inputMode="decimal"
        autocomplete="off"
        placeholder="to the end"
        value={draft.text}
        aria-invalid={draft.problem !== undefined}
        aria-describedby="compose-stop-problem"
        onInput={(event) => draft.type(event.currentTarget.value)}
        onChange={(event) => take(event.currentTarget.value)}
        onKeyDown={draft.escape}
      />
      <Problem id="compose-stop-problem" problem={draft.problem} />
    </div>
  );
}
