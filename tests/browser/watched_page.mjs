// One tab of a real browser, and everything it complains about.
import { createRequire } from "node:module";
import path from "node:path";

/** `modules` is a folder that holds node_modules: they are kept out of the source tree. */
async function launch(modules, executable) {
  const { chromium } = createRequire(path.join(modules, "package.json"))("playwright-core");
  return chromium.launch({
    executablePath: executable,
    args: [
      // Containers and CI give the browser no user namespaces; the page is our own.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      // Under a POSIX locale navigator.language is one that Intl refuses.
      "--lang=en-US",
      // No other host can be reached, whoever asks: neither the page nor the browser itself.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

export class WatchedPage {
  /** Console errors and warnings, uncaught errors, violations of the Content-Security-Policy. */
  complaints = [];
  /** Every address asked for, documents and images too. */
  requests = [];

  static async open(url, { modules, executable, width = 1280, height = 900, ...context }) {
    const watched = new WatchedPage();
    watched.browser = await launch(modules, executable);
    const tab = await watched.browser.newContext({ locale: "en-US", viewport: { width, height }, ...context });
    tab.on("request", (request) => watched.requests.push(request.url()));
    tab.on("weberror", (error) => watched.complaints.push(`uncaught: ${error.error()}`));
    tab.on("console", (message) => watched.#hear(message.type(), message.text()));
    await tab.exposeFunction("complain", (text) => watched.complaints.push(text));
    await tab.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) =>
        globalThis.complain(`policy: ${event.violatedDirective} blocked ${event.blockedURI || event.sample}`),
      );
    });
    watched.page = await tab.newPage();
    watched.answer = await watched.page.goto(url);
    return watched;
  }

  async close() {
    await this.browser.close();
  }

  #hear(type, text) {
    if (type === "error" || type === "warning" || type === "assert") this.complaints.push(`console ${type}: ${text}`);
  }
}
