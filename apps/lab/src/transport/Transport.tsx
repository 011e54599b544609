import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { Icon } from '../app/Icon.tsx';
import type { Lab } from '../app/lab.ts';
import { useReadable } from '../app/useReadable.ts';
import type { RunStatus, Speed } from '../engine/session.ts';
import { createEta, type Eta, timeLeft } from './eta.ts';
import { rateWords, stepsWords } from './words.ts';

/** Reset, run, step, where the run stands, its snapshots and its speed. */
export function Transport({ lab }: { readonly lab: Lab }): JSX.Element {
  const status = useReadable(lab.session.status);
  const { snapshot } = useReadable(lab.session.view);
  const running = status.phase === 'running';
  const error = useReadable(lab.session.error);
  const blocked = running ? undefined : lab.blocked.value;
  const verb = running ? 'Pause' : status.phase === 'done' ? 'Run again' : 'Run';
  return (
    <section class="transport card" aria-label="Run" data-running={running}>
      <div class="transport-keys">
        <KeyButton name="Reset to the same initial weights" hint="R" icon="reset" onPress={() => lab.reset()} />
        <button
          type="button"
          class="btn primary icon"
          id="play"
          aria-label={`${verb} (Space)`}
          title={blocked ? `Can't run. ${blocked}` : `${verb} (Space)`}
          aria-disabled={blocked !== undefined}
          aria-describedby={blocked ? 'transport-why' : undefined}
          onClick={lab.toggle}
        >
          <Icon name={running ? 'pause' : 'play'} />
        </button>
        <KeyButton name="One step forward" hint="." icon="step" disabled={blocked !== undefined} onPress={lab.step} />
        <KeyButton
          name="Stop for good, keep what is there"
          hint="X"
          icon="stop"
          disabled={!running && status.phase !== 'paused'}
          onPress={() => lab.session.cancel()}
        />
      </div>
      <StatusLine lab={lab} status={status} />
      <Scrubber lab={lab} snapshot={snapshot} status={status} />
      <SpeedChoice lab={lab} />
      {blocked && (
        // Where the run has been refused already, its note says the same.
        <p class={error ? 'sr' : 'transport-why small'} id="transport-why" role="status">
          <b>It can't run.</b> {blocked}
        </p>
      )}
    </section>
  );
}

function KeyButton(props: {
  readonly name: string;
  readonly hint: string;
  readonly icon: 'reset' | 'step' | 'stop';
  readonly disabled?: boolean;
  readonly onPress: () => void;
}): JSX.Element {
  const { name, hint, icon, disabled = false, onPress } = props;
  const label = `${name} (${hint})`;
  return (
    <button
      type="button"
      class={`btn icon transport-${icon}`}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}

function StatusLine({ lab, status }: { readonly lab: Lab; readonly status: RunStatus }): JSX.Element {
  const eta = useMemo<Eta>(createEta, []);
  const earlier = useReadable(lab.session.earlier);
  const left = eta.update(status.phase === 'running' ? status.secondsLeft : undefined, performance.now());
  return (
    <div class="transport-status">
      <b>
        <i class={`transport-dot ${status.phase}`} />
        <span data-testid="phase" data-phase={status.phase}>
          {status.word}
        </span>
      </b>
      <span class="small muted num">
        {lab.stale.value ? (
          <strong class="transport-stale">Changed. Run again</strong>
        ) : earlier ? (
          <strong class="transport-stale">Showing the run before</strong>
        ) : (
          <Details status={status} left={left} />
        )}
      </span>
    </div>
  );
}

function Details({ status, left }: { readonly status: RunStatus; readonly left: number | undefined }): JSX.Element {
  if (status.phase === 'ready') {
    return (
      <>
        <span class="transport-by-key">Press Space to run</span>
        <span class="transport-by-touch">Press play to run</span>
      </>
    );
  }
  if (status.phase === 'done') return <>{seconds(status.seconds)}</>;
  if (status.phase === 'stopped') return <>at {stepsWords(status)}</>;
  const rate = rateWords(status.rate, status.unit);
  return (
    <>
      {left === undefined ? '' : timeLeft(left)}
      {rate && <span class="transport-rate">{`${left === undefined ? '' : ' · '}${rate}`}</span>}
    </>
  );
}

const seconds = (value: number): string => (value < 10 ? `${value.toFixed(1)} s` : `${Math.round(value)} s`);

function Scrubber(props: {
  readonly lab: Lab;
  readonly snapshot: { readonly index: number; readonly count: number; readonly live: boolean };
  readonly status: RunStatus;
}): JSX.Element {
  const { lab, snapshot, status } = props;
  const empty = snapshot.count < 2;
  const waits = status.phase === 'ready' || status.phase === 'opening';
  const live = waits ? '' : stepsWords(status);
  const where = snapshot.live ? live : `Snapshot ${snapshot.index + 1} of ${snapshot.count}`;
  const move = (index: number) => {
    // Who looks back wants it to hold still.
    if (lab.session.status.get().phase === 'running') lab.session.pause();
    lab.show(index);
  };
  return (
    <div class="transport-scrub">
      <div class="transport-line">
        <label for="scrub">Snapshots</label>
        <span class="num">{where}</span>
        <button
          type="button"
          class="transport-live"
          hidden={snapshot.live}
          onClick={() => lab.show('live')}
          title="Back to the newest snapshot"
        >
          Live
        </button>
      </div>
      <input
        type="range"
        id="scrub"
        min="0"
        max={Math.max(1, snapshot.count - 1)}
        value={snapshot.index}
        disabled={empty}
        aria-valuetext={where}
        onInput={(event) => move(Number(event.currentTarget.value))}
      />
    </div>
  );
}

const SPEEDS: readonly { readonly value: Speed; readonly label: string }[] = [
  { value: 1, label: '1 ×' },
  { value: 10, label: '10 ×' },
  { value: 'full', label: 'Full' },
];

function SpeedChoice({ lab }: { readonly lab: Lab }): JSX.Element {
  const speed = useReadable(lab.session.speed);
  const select = useRef<HTMLSelectElement>(null);
  return (
    <label class="transport-speed">
      <span>Speed</span>
      <select
        ref={select}
        aria-label="Speed"
        value={String(speed)}
        onChange={(event) => {
          const chosen = SPEEDS.find(({ value }) => String(value) === event.currentTarget.value);
          if (chosen) lab.session.setSpeed(chosen.value);
        }}
      >
        {SPEEDS.map(({ value, label }) => (
          <option key={value} value={String(value)}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
