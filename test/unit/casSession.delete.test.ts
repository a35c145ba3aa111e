import assert from "node:assert/strict";
import type { Emulator, EmulatorOptions, FaultAction } from "../../emulator";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { casInputs, casLifecycle, SERVICE } from "../support/lifecycles";
import { rejection } from "../support/rejection";

async function open(emulator: Emulator, more = {}) {
  const { id, outs } = await casLifecycle().create(casInputs(emulator, more));
  assert.ok(outs);
  const before = emulator.requests().length;
  return {
    outs,
    end: () => casLifecycle().delete(id, outs),
    asked: () => calls(emulator).slice(before),
  };
}

const servers: [string, EmulatorOptions][] = [
  ["MRS Manager", { casFlavor: "mrs" }],
  ["Apereo 6.6", { casFlavor: "apereo" }],
  ["Jasig 3.5, which lies about dead cookies", { casFlavor: "mrs", probeWithoutServiceLies: true }],
  ["Apereo 6.6 that confirms log-outs", { casFlavor: "apereo", confirmLogout: true }],
  ["MRS Manager that knows no service", { casFlavor: "mrs", services: [] }],
];
for (const [name, options] of servers) {
  describe(`CasSession delete on ${name}`, () => {
    const emulator = useEmulator(options);
    const services = options.services ? [undefined] : [undefined, SERVICE];
    for (const service of services) {
      it(`ends a session ${service ? "with" : "without"} a service`, async () => {
        const { end } = await open(emulator(), { service });
        await end();
        assert.deepEqual(emulator().sessions().cas, { open: [], opened: 1, closed: 1, expired: 0 });
      });

      it(`is done with an expired session ${service ? "with" : "without"} a service`, async () => {
        const { end } = await open(emulator(), { service });
        emulator().expireSessions();
        await end();
      });
    }
  });
}

describe("CasSession delete", () => {
  const emulator = useEmulator();
  const live = (page = "<h1>Bye</h1>"): FaultAction => ({ status: 200, body: page });

  it("sends JSON headers, an empty body, the cookie and the User-Agent of the log-in", async () => {
    const { end, outs } = await open(emulator(), { userAgent: "Kerberos/1" });
    await end();
    const logout = emulator()
      .requests()
      .find(({ on }) => on === "cas.logout");
    assert.equal(logout?.headers["content-type"], "application/json");
    assert.equal(logout?.headers.accept, "application/json");
    assert.equal(logout?.headers.cookie, outs.ticketGrantingCookie);
    assert.equal(logout?.headers["user-agent"], "Kerberos/1");
    assert.equal(logout?.body, "");
  });

  it("fails when the server answers 200 and the session is still alive", async () => {
    const { end, asked } = await open(emulator());
    emulator().fault({ on: "cas.logout", do: live() });
    assert.match((await rejection(end())).message, /^Could not log out of the CAS at .* still alive/);
    assert.deepEqual(asked(), ["cas.logout", "cas.probe"]);
  });

  it("fails when the session outlives the confirmation too", async () => {
    const { end } = await open(emulator());
    emulator().fault({
      on: "cas.logout",
      times: 2,
      do: live("<form><input type=hidden name=a value=b></form>"),
    });
    assert.match((await rejection(end())).message, /still alive/);
    assert.equal(requestsOn(emulator(), "cas.logout").at(-1)?.body, "a=b");
  });

  const passing: [string, FaultAction][] = [
    ["429", { status: 429 }],
    ["500", { status: 500 }],
    ["a connection cut before the work", { drop: "before" }],
    ["a connection cut after the work", { drop: "after" }],
    ["an answer that does not come", { delayMs: 5_000 }],
  ];
  for (const [answer, action] of passing) {
    for (const on of ["cas.logout", "cas.probe"] as const) {
      it(`tries again after ${answer} to ${on}`, async () => {
        const { end } = await open(emulator());
        emulator().fault({ on, do: action });
        await end();
        assert.equal(emulator().sessions().cas.open.length, 0);
      });
    }
  }

  it("is done after a 500 when the probe says dead: some servers answer so to an ended session", async () => {
    const { end, asked } = await open(emulator());
    emulator().expireSessions();
    emulator().fault({ on: "cas.logout", times: 10_000, do: { status: 500 } });
    await end();
    assert.deepEqual(asked(), ["cas.logout", "cas.probe"]);
  });

  it("is not done after a 500 when the probe can't tell", async () => {
    const { end } = await open(emulator(), { service: undefined });
    emulator().fault({ on: "cas.logout", times: 10_000, do: { status: 500 } });
    emulator().fault({ on: "cas.probe", times: 10_000, do: { status: 200, body: "<h1>Welcome</h1>" } });
    assert.match((await rejection(end())).message, /POST \/cas\/logout answered 500/);
  });

  it("fails when the proof can't be had within its time", async () => {
    const { end } = await open(emulator());
    emulator().fault({ on: "cas.probe", times: 10_000, do: { status: 503 } });
    assert.match((await rejection(end())).message, /GET \/cas\/login answered 503/);
  });

  for (const status of [401, 403, 404]) {
    it(`fails on ${status}, at once`, async () => {
      const { end, asked } = await open(emulator());
      emulator().fault({ on: "cas.logout", do: { status } });
      assert.match((await rejection(end())).message, new RegExp(`POST /cas/logout answered ${status}\\.`));
      assert.deepEqual(asked(), ["cas.logout"]);
    });
  }
});
