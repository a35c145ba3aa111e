import assert from "node:assert";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index";
import { hasForm } from "../../support/client";
import { getLogin, openCas, service } from "./cas-client";

const minute = 60_000;

describe("emulator: CAS sessions of MRS Manager", () => {
  let emulator: Emulator;
  let now: number;

  async function start(options: EmulatorOptions = {}): Promise<void> {
    await emulator?.close();
    emulator = await startEmulator({ clock: () => now, ...options });
  }
  beforeEach(async () => {
    now = Date.now();
    await start();
  });
  afterEach(() => emulator.close());

  it("tells a live cookie from a dead one", async () => {
    const cookie = await openCas(emulator);
    const alive = await getLogin(emulator, { cookie });
    assert.deepStrictEqual([alive.status, hasForm(alive)], [200, false]);
    const ticket = await getLogin(emulator, { cookie, service });
    assert.strictEqual(ticket.status, 302);
    assert.match(ticket.headers.location ?? "", /[?&]ticket=ST-/);
    for (const target of [undefined, service]) {
      const dead = await getLogin(emulator, { cookie: "CASTGC=TGT-1-made-up", service: target });
      assert.deepStrictEqual([dead.status, hasForm(dead)], [200, true]);
    }
  });

  it("does not pin a cookie to the User-Agent", async () => {
    const cookie = await openCas(emulator, { userAgent: "one/1" });
    assert.strictEqual((await getLogin(emulator, { cookie, service, userAgent: "two/2" })).status, 302);
  });

  it("shows a service that is not registered a page without a form, with 200", async () => {
    await start({ services: [service] });
    const cookie = await openCas(emulator, { service });
    const received = await getLogin(emulator, { cookie, service: "https://other.example/" });
    assert.deepStrictEqual([received.status, hasForm(received)], [200, false]);
    assert.match(received.text, /Not Authorized/);
    assert.strictEqual((await getLogin(emulator, { cookie, service })).status, 302);
  });

  it("ends a session after 20 idle minutes; only a ticket counts as a use", async () => {
    const cookie = await openCas(emulator);
    now += 19 * minute;
    assert.strictEqual((await getLogin(emulator, { cookie, service })).status, 302);
    now += 19 * minute;
    assert.strictEqual(hasForm(await getLogin(emulator, { cookie })), false);
    now += minute;
    assert.strictEqual(hasForm(await getLogin(emulator, { cookie })), true);
    assert.strictEqual(emulator.sessions().cas.expired, 1);
  });

  it("ends a busy session after 8 hours", async () => {
    const cookie = await openCas(emulator);
    for (let quarter = 1; quarter < 32; quarter += 1) {
      now += 15 * minute;
      assert.strictEqual((await getLogin(emulator, { cookie, service })).status, 302);
    }
    now += 15 * minute;
    assert.strictEqual((await getLogin(emulator, { cookie, service })).status, 200);
  });

  it("as Jasig 3.5, lies about a dead cookie where no service is given", async () => {
    await start({ probeWithoutServiceLies: true });
    const cookie = "CASTGC=TGT-1-made-up";
    const lie = await getLogin(emulator, { cookie });
    assert.deepStrictEqual([lie.status, hasForm(lie)], [200, false]);
    assert.match(lie.text, /Log In Successful/);
    assert.ok(hasForm(await getLogin(emulator, { cookie, service })));
    assert.ok(hasForm(await getLogin(emulator)));
  });
});
