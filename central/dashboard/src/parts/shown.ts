import type { Problem } from "../api/client";
import type { Picture } from "../state/picture";
import { lengthWords, moment } from "../words/time";

/** Readings that are known in sum only lie before what is kept, and not elsewhere. */
function endsWhereKept({ trace, singles, stops }: Picture): boolean {
  const keptFrom = singles?.keptFrom;
  if (keptFrom == null) return false;
  return stops.every(({ window, single }) => single !== null || (trace.count[window] ?? 0) === 0 || trace.t[window]! < keptFrom);
}

const broken = ", as single readings cannot be had at the moment";

function meansReason({ trace, singles }: Picture): string {
  if (!singles) return "";
  const last = trace.t.at(-1) ?? 0;
  const isGone = singles.summarised === 0 && (singles.keptFrom === null || singles.keptFrom > last);
  return isGone ? ": single readings of this range are not kept" : ": only summaries of this range are known";
}

/** Whether the chart shows each reading or means, and why not each; nothing of what is on or off. */
export function shownWords(picture: Picture, now: number, zone: string, problem: Problem | null): string {
  const { trace, singles, shows, isPending } = picture;
  if (trace.isState || !trace.count.some((count) => (count ?? 0) > 0)) return "";
  const means = `means of ${lengthWords(trace.windowMs)}`;
  if (shows === "each") return "Each reading as it was taken.";
  if (shows === "means") return `M${means.slice(1)}${problem ? broken : meansReason(picture)}.`;
  if (problem) return `Each reading; ${means} elsewhere${broken}.`;
  if (isPending) return `Each reading; ${means} where they are on their way.`;
  if (singles?.keptFrom != null && endsWhereKept(picture)) {
    return `Each reading from ${moment(singles.keptFrom, now, zone)} on; ${means} before that, as single readings are kept no longer.`;
  }
  return `Each reading; ${means} where only summaries are known.`;
}
