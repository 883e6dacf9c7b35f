import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { recall, remember } from "../state/stored";
import { keys } from "../words/en";

export const helpOpen = signal(false);

/** Keys without a modifier get in the way of speech control and unsteady hands; they can be off. */
export const lettersOn = signal(recall("letters") !== "off");

function setLetters(on: boolean): void {
  lettersOn.value = on;
  remember("letters", on ? "on" : "off");
}

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => (helpOpen.value = false)}>
      <h2 id="help-title">Keyboard</h2>
      <dl>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={lettersOn.value} onChange={(event) => setLetters(event.currentTarget.checked)} />
        Single keys are on
      </label>
      <form method="dialog">
        <button type="submit" class="button">
          Close
        </button>
      </form>
    </dialog>
  );
}
