import assert from "node:assert/strict";
import { parse } from "node-html-parser";
import type { EmulatorOptions } from "../../../emulator";
import { hasForm, type Received, setCookies } from "../../support/client";
import { useClockedEmulator } from "../../support/emulator";
import { getLogin, keptCookies, logIn, openCas, service } from "./casClient";

function seen(received: Received) {
  const page = parse(received.text);
  return {
    status: received.status,
    title: page.querySelector("title")?.text,
    form: page.querySelector("form") !== null,
  };
}

const NOT_AUTHORIZED = { status: 200, title: "Application Not Authorized to Use CAS", form: false };

describe("emulator: how CAS treats services", () => {
  const emulator = useClockedEmulator();
  const start = (casService: EmulatorOptions["casService"]) =>
    emulator.start({ casService, casFlavor: "apereo" });

  it("no-sso logs in, and asks a live cookie for the password again", async () => {
    await start("no-sso");
    const login = await logIn(emulator(), { service });
    assert.equal(login.status, 302);
    const cookie = keptCookies(login);
    const probe = await getLogin(emulator(), { cookie, service });
    assert.deepEqual([probe.status, hasForm(probe), setCookies(probe)], [200, true, []]);
  });

  it("no-sso leaves the session alive where no service is asked for", async () => {
    await start("no-sso");
    const cookie = keptCookies(await logIn(emulator(), { service }));
    assert.equal(hasForm(await getLogin(emulator(), { cookie })), false);
  });

  it("denied answers the right password with 401 and no form, and opens no session", async () => {
    await start("denied");
    const denial = { status: 401, title: "Service access denied due to missing privileges", form: false };
    assert.deepEqual(seen(await logIn(emulator(), { service })), denial);
    assert.equal(emulator().sessions().cas.opened, 0);
    const cookie = await openCas(emulator());
    assert.deepEqual(seen(await getLogin(emulator(), { cookie, service })), denial);
  });

  it("denied shows its form to those it doesn't know, and again for the wrong password", async () => {
    await start("denied");
    assert.ok(hasForm(await getLogin(emulator(), { service })));
    const wrong = await logIn(emulator(), { service, fields: { password: "wrong" } });
    assert.deepEqual([wrong.status, hasForm(wrong)], [401, true]);
  });

  it("unregistered refuses each service with 200 and no form", async () => {
    await start("unregistered");
    assert.deepEqual(seen(await getLogin(emulator(), { service })), NOT_AUTHORIZED);
    assert.ok(hasForm(await getLogin(emulator())));
  });

  it("required refuses a login without a service in the same way", async () => {
    await start("required");
    assert.deepEqual(seen(await getLogin(emulator())), NOT_AUTHORIZED);
    assert.equal((await logIn(emulator(), { service })).status, 302);
  });
});
