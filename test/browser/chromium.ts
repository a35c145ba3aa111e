import { type Browser, chromium } from "playwright-core";

/** Debian's Chromium, or the one at the path in `CHROMIUM`, told to send nothing anywhere by itself. */
export function launchChromium(): Promise<Browser> {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Chromium can't build its sandbox in a container, where it runs as root.
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", ...quiet],
  });
}
