import { signal } from "@preact/signals";
import { recall, remember } from "./stored";

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

function stored(): Theme {
  return themes.find((name) => name === recall("theme")) ?? "auto";
}

export const theme = signal<Theme>("auto");

/** Rises whenever colours change; a canvas must be painted again then. */
export const paint = signal(0);

function apply(chosen: Theme): void {
  theme.value = chosen;
  document.documentElement.dataset["theme"] = chosen;
  paint.value++;
}

/** Called from <head>, before anything is painted, so that no page flashes in the wrong colours. */
export function startTheme(): void {
  apply(stored());
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", () => paint.value++);
  }
}

export function nextTheme(): void {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? "auto";
  apply(next);
  remember("theme", next);
}
