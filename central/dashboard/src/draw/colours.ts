// A canvas knows no custom properties: these are read from the style sheet, which stays the one
// place where colours are named. They are read through an element, because only as the colour of
// something does light-dark() become the one of the two that holds.

export interface Colours {
  line: string;
  band: string;
  muted: string;
  grid: string;
  surface: string;
  text: string;
  /** Bands become outlines for those who asked for more contrast. */
  outlines: boolean;
}

export function readColours(): Colours {
  const probe = document.createElement("span");
  document.body.append(probe);
  const value = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    line: value("--line"),
    band: value("--band"),
    muted: value("--muted"),
    grid: value("--grid"),
    surface: value("--surface"),
    text: value("--text"),
    outlines: matchMedia("(prefers-contrast: more)").matches || matchMedia("(forced-colors: active)").matches,
  };
  probe.remove();
  return colours;
}
