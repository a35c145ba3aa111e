import assert from "node:assert/strict";
import { hasForm } from "../../support/client";
import { useClockedEmulator } from "../../support/emulator";
import { getLogin, openCas, service } from "./casClient";

const minute = 60_000;

describe("emulator: CAS sessions", () => {
  const emulator = useClockedEmulator();

  it("tells a live cookie from a dead one", async () => {
    const cookie = await openCas(emulator());
    const alive = await getLogin(emulator(), { cookie });
    assert.deepEqual([alive.status, hasForm(alive)], [200, false]);
    const ticket = await getLogin(emulator(), { cookie, service });
    assert.equal(ticket.status, 302);
    assert.match(ticket.headers.location ?? "", /[?&]ticket=ST-/);
    for (const target of [undefined, service]) {
      const dead = await getLogin(emulator(), { cookie: "CASTGC=TGT-1-made-up", service: target });
      assert.deepEqual([dead.status, hasForm(dead)], [200, true]);
    }
  });

  it("does not pin a cookie to the User-Agent", async () => {
    const cookie = await openCas(emulator(), { userAgent: "one/1" });
    assert.equal((await getLogin(emulator(), { cookie, service, userAgent: "two/2" })).status, 302);
  });

  it("shows a service that is not registered a page without a form, with 200", async () => {
    await emulator.start({ services: [service] });
    const cookie = await openCas(emulator(), { service });
    const received = await getLogin(emulator(), { cookie, service: "https://other.example/" });
    assert.deepEqual([received.status, hasForm(received)], [200, false]);
    assert.match(received.text, /Not Authorized/);
    assert.equal((await getLogin(emulator(), { cookie, service })).status, 302);
  });

  for (const casFlavor of ["mrs", "jasig", "apereo"] as const) {
    describe(`of ${casFlavor}`, () => {
      beforeEach(() => emulator.start({ casFlavor }));

      it("end after 20 idle minutes, and a probe with a service counts as use", async () => {
        const cookie = await openCas(emulator());
        for (let probe = 0; probe < 3; probe += 1) {
          emulator.now += 19 * minute;
          assert.equal((await getLogin(emulator(), { cookie, service })).status, 302);
        }
        emulator.now += 20 * minute;
        assert.ok(hasForm(await getLogin(emulator(), { cookie, service })));
        assert.equal(emulator().sessions().cas.expired, 1);
      });

      it("end after 20 minutes of probes without a service, which don't count as use", async () => {
        const cookie = await openCas(emulator());
        emulator.now += 19 * minute;
        assert.equal(hasForm(await getLogin(emulator(), { cookie })), false);
        emulator.now += minute;
        assert.ok(hasForm(await getLogin(emulator(), { cookie, service })));
      });
    });
  }

  it("ends a busy session after 8 hours", async () => {
    const cookie = await openCas(emulator());
    for (let quarter = 1; quarter < 32; quarter += 1) {
      emulator.now += 15 * minute;
      assert.equal((await getLogin(emulator(), { cookie, service })).status, 302);
    }
    emulator.now += 15 * minute;
    assert.equal((await getLogin(emulator(), { cookie, service })).status, 200);
  });

  for (const [casFlavor, value] of [
    ["mrs", /^SSO=TGT-/],
    ["apereo", /^SSO=eyJ[\w-]+\.[\w-]+\.[\w-]+$/],
  ] as const) {
    it(`are held by a cookie of another name where so set, in ${casFlavor}: ${value.source}`, async () => {
      await emulator.start({ casFlavor, casCookieName: "SSO" });
      const cookie = await openCas(emulator());
      assert.match(cookie, value);
      assert.equal((await getLogin(emulator(), { cookie, service })).status, 302);
      assert.deepEqual(emulator().requests().at(-1)?.on, "cas.probe");
    });
  }

  it("as Jasig 3.5, lies about a dead cookie where no service is given", async () => {
    await emulator.start({ casFlavor: "jasig" });
    const cookie = "CASTGC=TGT-1-made-up";
    const lie = await getLogin(emulator(), { cookie });
    assert.deepEqual([lie.status, hasForm(lie)], [200, false]);
    assert.match(lie.text, /Log In Successful/);
    assert.ok(hasForm(await getLogin(emulator(), { cookie, service })));
    assert.ok(hasForm(await getLogin(emulator())));
  });
});
