// A canvas knows no custom properties. So the colours are read from the style sheet, which stays the
// only place that names them. They are read through an element, because light-dark() turns into one
// of its two colours only where it is used.

export interface Colours {
  line: string;
  band: string;
  expected: string;
  muted: string;
  grid: string;
  surface: string;
  text: string;
  /** Bands become outlines for those who asked for more contrast. */
  outlines: boolean;
}

/** Those of the page now, or those of its light scheme. */
export function readColours(scheme?: "light"): Colours {
  const probe = document.createElement("span");
  if (scheme) probe.style.colorScheme = scheme;
  document.body.append(probe);
  const value = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    line: value("--line"),
    band: value("--band"),
    expected: value("--expected"),
    muted: value("--muted"),
    grid: value("--grid"),
    surface: value("--surface"),
    text: value("--text"),
    outlines: matchMedia("(prefers-contrast: more)").matches || matchMedia("(forced-colors: active)").matches,
  };
  probe.remove();
  return colours;
}
