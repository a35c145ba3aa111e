import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { openWebCli, post, run, webCliPath } from "../support/client";
import { getLogin, openCas, service } from "../unit/emulator/casClient";
import { launchChromium } from "./chromium";

const FILE = join(__dirname, "../../emulator/page.png");

/** What one sees during `pulumi up`, with a logout that is tried again. */
async function work(emulator: Emulator): Promise<void> {
  const first = await openWebCli(emulator);
  await run(emulator, first, "SET greeting hello");
  const cookie = await openCas(emulator, { service });
  await getLogin(emulator, { cookie, service });
  emulator.fault({ on: "webcli.logout", do: { status: 503 } });
  for (const _ of ["busy", "done"])
    await post(emulator, webCliPath(emulator, "logout"), { client_id: first });
  await run(emulator, await openWebCli(emulator), "DBSIZE");
}

/** Makes the picture in the emulator's README. */
async function main(): Promise<void> {
  const emulator = await startEmulator();
  const browser = await launchChromium();
  try {
    await work(emulator);
    const page = await browser.newPage({ viewport: { width: 860, height: 100 }, colorScheme: "light" });
    await page.goto(emulator.url);
    await page.getByText("cas.probe").waitFor();
    await page.screenshot({ path: FILE, fullPage: true });
    console.log(`Wrote ${FILE}.`);
  } finally {
    await browser.close();
    await emulator.close();
  }
}

void main();
