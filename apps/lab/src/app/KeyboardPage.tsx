import type { JSX } from 'preact';
import type { Lab } from './lab.ts';
import { SHORTCUTS } from './shortcuts.ts';

/** What every key does, and the switch for those who type by voice. */
export function KeyboardPage({ lab }: { readonly lab: Lab }): JSX.Element {
  const letters = lab.preferences.shortcuts;
  return (
    <>
      <h1>Keyboard</h1>
      <p class="page-lead">
        Everything works without a mouse. Tab walks in reading order; each plot is one stop, and the arrows move inside
        it.
      </p>
      <div class="check">
        <input
          type="checkbox"
          id="letters"
          checked={letters}
          onChange={(event) => {
            letters.value = event.currentTarget.checked;
          }}
        />
        <label for="letters">Single letters act (never while a field has focus)</label>
      </div>
      <table class="words keys-table">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Does</th>
          </tr>
        </thead>
        <tbody>
          {SHORTCUTS.map(({ keys, does }) => (
            <tr key={does}>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
