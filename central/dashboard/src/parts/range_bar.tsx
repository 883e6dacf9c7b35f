import { serverNow } from "../state/clock";
import { go, goLive, presets, view, zone } from "../state/view";
import { moment } from "../words/time";

/** The ranges to choose from. A range chosen by dragging shows its ends, and the way back. */
export function RangeBar() {
  const range = view.value.range;
  const chosen = "preset" in range ? range.preset : null;
  return (
    <div class="ranges" role="group" aria-label="Range">
      {presets.map((preset) => (
        <button key={preset} type="button" class="chip" aria-pressed={chosen === preset} onClick={() => go({ range: { preset } })}>
          {preset}
        </button>
      ))}
      {!("preset" in range) && (
        <span class="fixed-range figures">
          {moment(range.from, serverNow.value, zone.value)} – {moment(range.to, serverNow.value, zone.value)}
          <button type="button" class="link" onClick={goLive}>
            back to live
          </button>
        </span>
      )}
    </div>
  );
}
