// Small choices of this browser. Storage may be switched off; then a choice lives as long as the tab.

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`leat.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`leat.${key}`, value);
  } catch {
    // Nothing to do: the choice still holds for this tab.
  }
}
