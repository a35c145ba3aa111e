import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { type Emulator, startEmulator } from "../../emulator";
import { openWebCli, post, webCliPath } from "../support/client";
import { getLogin, logOut, openCas, service } from "../unit/emulator/casClient";
import { launchChromium } from "./chromium";

describe("The page at the emulator's address", function () {
  // Chromium takes seconds to start on a busy machine.
  this.timeout(60_000);
  let browser: Browser;
  let emulator: Emulator;
  let page: Page;

  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser?.close());
  beforeEach(async () => {
    emulator = await startEmulator();
    page = await browser.newPage();
    await page.goto(emulator.url);
  });
  afterEach(async () => {
    await page.close();
    await emulator.close();
  });

  /** Waits until the page says so by itself. */
  function sees(heading: string, text: RegExp): Promise<void> {
    const section = page.locator("section", { has: page.getByRole("heading", { name: heading }) });
    return section.filter({ hasText: text }).waitFor();
  }

  it("shows Web CLI sessions as they open and end", async () => {
    await sees("DCS Web CLI sessions", /open\s*0/);
    const clientId = await openWebCli(emulator);
    await sees("DCS Web CLI sessions", /open\s*1\s*opened\s*1/);
    await post(emulator, webCliPath(emulator, "logout"), { client_id: clientId });
    await sees("DCS Web CLI sessions", /open\s*0\s*opened\s*1\s*logged out\s*1/);
  });

  it("shows CAS sessions as they open, end, and expire", async () => {
    const cookie = await openCas(emulator);
    await openCas(emulator);
    await sees("CAS sessions", /open\s*2\s*opened\s*2/);
    await logOut(emulator, { cookie });
    emulator.expireSessions();
    await sees("CAS sessions", /open\s*0\s*opened\s*2\s*logged out\s*1\s*expired\s*1/);
  });

  it("shows the last requests with their statuses, the newest first, and not its own", async () => {
    await openWebCli(emulator);
    emulator.fault({ on: "cas.form", do: { status: 503 } });
    await getLogin(emulator);
    await page.getByText("cas.form").waitFor();
    const rows = await page.locator("tbody tr").allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.split("\t").slice(1)),
      [
        ["cas.form", "GET /cas/login", "503"],
        ["webcli.auth", `POST ${webCliPath(emulator, "auth")}`, "200"],
      ],
    );
  });

  it("holds nothing that one could log in with", async () => {
    const clientId = await openWebCli(emulator);
    const cookie = await openCas(emulator);
    const redirect = (await getLogin(emulator, { cookie, service })).headers.location ?? "";
    await getLogin(emulator, { service: redirect });
    await sees("CAS sessions", /open\s*1/);
    await page.getByText("cas.form").first().waitFor();
    const answer = await page.evaluate(async () => (await fetch("/emulator/overview")).text());
    const ticket = /ticket=(ST-.*)/.exec(redirect)?.[1];
    const { secretKey, authToken, redisPassword, password } = emulator;
    const secrets = [clientId, cookie.split("=")[1], ticket, secretKey, authToken, redisPassword, password];
    for (const secret of secrets) {
      assert.ok(secret);
      assert.equal((answer + (await page.content())).includes(secret), false);
    }
  });

  it("says so when the emulator has ended", async () => {
    await page.getByText("live").waitFor();
    await emulator.close();
    await page.getByText("the emulator does not answer").waitFor();
  });
});
