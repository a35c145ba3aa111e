import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../../emulator";
import { hasForm, hiddenInputs, type Received, setCookies } from "../../support/client";
import { answerForm, getLogin, keptCookies, logIn, logOut, openCas, service } from "./casClient";

describe("emulator: Apereo CAS", () => {
  let emulator: Emulator;

  beforeEach(async () => {
    emulator = await startEmulator({ casFlavor: "apereo", services: [service] });
  });
  afterEach(() => emulator.close());

  it("shows a form with execution, _eventId and geolocation, and an expired, empty TGC", async () => {
    const form = await getLogin(emulator);
    assert.equal(form.status, 200);
    assert.deepEqual(Object.keys(hiddenInputs(form)), ["execution", "_eventId", "geolocation"]);
    const [cookie, ...others] = setCookies(form);
    assert.deepEqual([cookie?.name, cookie?.value, cookie?.maxAge, others], ["TGC", "", 0, []]);
  });

  it("logs in with a page and TGC", async () => {
    const received = await logIn(emulator);
    assert.deepEqual([received.status, hasForm(received)], [200, false]);
    const [cookie, ...others] = setCookies(received);
    const { name, path, secure, httpOnly } = cookie ?? {};
    assert.deepEqual([name, path, secure, httpOnly, others], ["TGC", "/cas", true, true, []]);
    assert.ok(cookie?.value);
  });

  it("sends a login for a service back there with a ticket", async () => {
    const received = await logIn(emulator, { service });
    assert.equal(received.status, 302);
    assert.ok(received.headers.location?.startsWith(`${service}?ticket=ST-`));
    assert.match(keptCookies(received), /^TGC=/);
  });

  it("shows the form again, with 401, for bad credentials, however often", async () => {
    for (let failure = 0; failure < 6; failure += 1) {
      const received = await logIn(emulator, { fields: { password: "wrong" } });
      assert.deepEqual([received.status, hasForm(received)], [401, true]);
      assert.equal(keptCookies(received), "");
    }
    assert.match(await openCas(emulator), /^TGC=/);
  });

  for (const name of ["execution", "_eventId"]) {
    it(`shows the form, with 200, when ${name} is missing`, async () => {
      const received = await logIn(emulator, { fields: { [name]: undefined } });
      assert.deepEqual([received.status, hasForm(received)], [200, true]);
      assert.equal(emulator.sessions().cas.opened, 0);
    });
  }

  it("does not need geolocation, which a browser fills in", async () => {
    const received = await logIn(emulator, { fields: { geolocation: undefined } });
    assert.match(keptCookies(received), /^TGC=/);
  });

  it("shows the form, with 200, for an empty password", async () => {
    const received = await logIn(emulator, { fields: { password: "" } });
    assert.deepEqual([received.status, hasForm(received)], [200, true]);
  });

  for (const execution of ["", "e1s1"]) {
    it(`fails, with 500, for the execution ${JSON.stringify(execution)}`, async () => {
      const received = await logIn(emulator, { fields: { execution } });
      assert.deepEqual([received.status, hasForm(received)], [500, false]);
    });
  }

  it("takes a form twice, because it carries its own state", async () => {
    const form = await getLogin(emulator);
    for (const opened of [1, 2]) {
      assert.match(keptCookies(await answerForm(emulator, form)), /^TGC=/);
      assert.equal(emulator.sessions().cas.opened, opened);
    }
  });

  it("repeats the password in a hidden input where execution is missing", async () => {
    const received = await logIn(emulator, { fields: { execution: undefined } });
    assert.equal(hiddenInputs(received).password, emulator.password);
  });

  it("clears the session cookie with the form, and not with a refusal", async () => {
    const cleared = (received: Received) => setCookies(received).map(({ name, value }) => [name, value]);
    assert.deepEqual(cleared(await getLogin(emulator)), [["TGC", ""]]);
    assert.deepEqual(cleared(await logIn(emulator, { fields: { password: "wrong" } })), []);
  });

  it("tells a live cookie from a dead one", async () => {
    const cookie = await openCas(emulator);
    assert.equal(hasForm(await getLogin(emulator, { cookie })), false);
    assert.equal((await getLogin(emulator, { cookie, service })).status, 302);
    for (const target of [undefined, service]) {
      const dead = await getLogin(emulator, { cookie: "TGC=made-up", service: target });
      assert.deepEqual([dead.status, hasForm(dead)], [200, true]);
    }
  });

  it("clears CASPRIVACY with the session cookie on logout", async () => {
    const received = await logOut(emulator, { cookie: await openCas(emulator) });
    assert.deepEqual(
      setCookies(received).map(({ name }) => name),
      ["TGC", "CASPRIVACY"],
    );
  });

  it("answers 403 for a service that is not registered", async () => {
    const cookie = await openCas(emulator);
    const received = await getLogin(emulator, { cookie, service: "https://other.example/" });
    assert.deepEqual([received.status, hasForm(received)], [403, false]);
  });

  it("takes a session for dead under another User-Agent, and does not end it from there", async () => {
    const cookie = await openCas(emulator, { userAgent: "one/1" });
    assert.ok(hasForm(await getLogin(emulator, { cookie, service, userAgent: "two/2" })));
    assert.equal((await logOut(emulator, { cookie, userAgent: "two/2" })).status, 200);
    assert.equal(emulator.sessions().cas.open.length, 1);
    assert.equal((await getLogin(emulator, { cookie, service, userAgent: "one/1" })).status, 302);
  });

  it("does not know the other flavor's cookie", async () => {
    const cookie = (await openCas(emulator)).replace("TGC=", "CASTGC=");
    assert.ok(hasForm(await getLogin(emulator, { cookie })));
  });
});
