import type { ComponentChildren } from "preact";
import { addressOf, go, type PageName, view } from "../state/view";

/** Leads to another page without a reload; a link, so that it opens in a tab of its own as any other. */
export function PageLink({ to, current, children, ...rest }: { to: PageName; current?: boolean; class?: string; children: ComponentChildren }) {
  const onClick = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go({ page: to });
  };
  return (
    <a {...rest} href={addressOf({ ...view.value, page: to, run: null })} aria-current={current ? "page" : undefined} onClick={onClick}>
      {children}
    </a>
  );
}
