// The reader's language, for numbers and dates. Imported before everything else: a browser started
// under a POSIX locale calls its language "en-US@posix", which Intl refuses, and uPlot asks Intl
// while it is being loaded.

function usable(language: string): boolean {
  try {
    new Intl.NumberFormat(language);
    return true;
  } catch {
    return false;
  }
}

if (!usable(navigator.language)) {
  Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
}

export const locale = navigator.language;
