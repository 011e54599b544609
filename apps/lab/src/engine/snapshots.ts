/** What one source (a point, or a study) showed at one time. */
interface Shown<State> {
  readonly time: number;
  readonly id: string;
  readonly state: State;
}

/** The course of a run: what every source showed, thinned so that early times stay dense on a log scale. */
export interface Snapshots<State> {
  /** Times that can be looked at. */
  readonly count: number;
  add(id: string, state: State): void;
  /** What every source had shown by a time. @param index From 0 to count − 1. */
  at(index: number): ReadonlyMap<string, State>;
  clear(): void;
}

/** More snapshots than this are thinned. */
const MOST = 200;

/** An empty course. @param most Snapshots kept; every source's newest stays whatever its number. */
export function createSnapshots<State>(most: number = MOST): Snapshots<State> {
  let shown: Shown<State>[] = [];
  let time = 0;
  const newest = new Map<string, Shown<State>>();
  const thin = () => {
    // Every second of the newer half goes; what was thinned before is sparse enough already on a log scale.
    const from = Math.floor(shown.length / 2);
    shown = shown.filter((one, index) => index < from || (index - from) % 2 === 1 || newest.get(one.id) === one);
  };
  return {
    get count() {
      return shown.length;
    },
    add(id, state) {
      const one = { time: time++, id, state };
      newest.set(id, one);
      shown.push(one);
      if (shown.length > 2 * most) thin();
    },
    at(index) {
      const states = new Map<string, State>();
      for (let i = 0; i <= Math.min(index, shown.length - 1); i++) states.set(shown[i].id, shown[i].state);
      return states;
    },
    clear() {
      shown = [];
      newest.clear();
    },
  };
}
