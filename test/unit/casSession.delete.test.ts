import assert from "node:assert/strict";
import type { Emulator, EmulatorOptions, FaultAction } from "../../emulator";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { casInputs, casLifecycle, JASIG_35, QUICK, SERVICES } from "../support/lifecycles";
import { rejection } from "../support/rejection";

/** Little time for tries, and much for the answers to the last of them. */
const BRIEF = { ...QUICK, operationTimeout: 1_200, leastAnswerTime: 1_000 };

async function open(emulator: Emulator, more = {}) {
  const { id, outs } = await casLifecycle().create(casInputs(emulator, more));
  const before = emulator.requests().length;
  return {
    outs,
    end: (timeouts = QUICK) => casLifecycle(timeouts).delete(id, outs),
    asked: () => calls(emulator).slice(before),
  };
}

const servers: [string, EmulatorOptions][] = [
  ["MRS Manager", { casFlavor: "mrs" }],
  ["Apereo 6.6", { casFlavor: "apereo" }],
  ["Jasig 3.5, which shows the same page to any cookie", JASIG_35],
  ["Apereo 6.6 with a confirmation page", { casFlavor: "apereo", confirmLogout: true }],
  ["MRS Manager that knows no service", { casFlavor: "mrs", services: [] }],
];
for (const [name, options] of servers) {
  describe(`CasSession delete on ${name}`, () => {
    const emulator = useEmulator(options);
    for (const [how, service] of SERVICES) {
      if (service && options.services) continue;
      it(`ends a session ${how}`, async () => {
        const { end } = await open(emulator(), { service });
        await end();
        assert.deepEqual(emulator().sessions().cas, { open: [], opened: 1, closed: 1, expired: 0 });
      });

      it(`is done with an expired session ${how}`, async () => {
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

  it("sends JSON headers, an empty body, and the cookies and the User-Agent of the login", async () => {
    const { end, outs } = await open(emulator(), { userAgent: "Kerberos/1" });
    await end();
    const [logout] = requestsOn(emulator(), "cas.logout");
    assert.equal(logout?.headers["content-type"], "application/json");
    assert.equal(logout?.headers.accept, "application/json");
    assert.equal(logout?.headers.cookie, `${outs.cookies}; ${outs.ticketGrantingCookie}`);
    assert.equal(logout?.headers["user-agent"], "Kerberos/1");
    assert.equal(logout?.body, "");
  });

  it("logs out again when the server answers 200 and the session is still alive", async () => {
    const { end, asked } = await open(emulator());
    emulator().fault({ on: "cas.logout", do: live() });
    await end();
    assert.deepEqual(asked(), ["cas.logout", "cas.probe", "cas.logout", "cas.probe"]);
    assert.equal(emulator().sessions().cas.open.length, 0);
  });

  it("fails when the session stays alive as long as it is tried", async () => {
    const { end } = await open(emulator());
    emulator().fault({ on: "cas.logout", times: 10_000, do: live() });
    const { message } = await rejection(end(BRIEF));
    assert.match(
      message,
      /^Could not log out of the CAS at .*: POST \/cas\/logout answered 200, but the session is still alive\. /,
    );
    assert.match(
      message,
      /remove the session from state with `pulumi state delete URN`; .* \(20 minutes\)\.$/,
    );
  });

  it("sends the confirmation form back where one is shown, and fails when the session outlives it", async () => {
    const { end } = await open(emulator());
    const page = "<form><input type=hidden name=a value=b></form>";
    emulator().fault({ on: "cas.logout", times: 10_000, do: live(page) });
    assert.match((await rejection(end(BRIEF))).message, /still alive/);
    assert.deepEqual([...new Set(requestsOn(emulator(), "cas.logout").map(({ body }) => body))], ["", "a=b"]);
  });

  it("fails when the probe told the session from others at its login, and now shows all the same page", async () => {
    const { end, outs } = await open(emulator(), { service: undefined });
    assert.equal(outs.probeIsReliable, true);
    emulator().fault({ on: "cas.logout", times: 10_000, do: live() });
    emulator().fault({ on: "cas.probe", times: 10_000, do: live("<h1>Welcome</h1>") });
    const { message } = await rejection(end(BRIEF));
    assert.match(
      message,
      /answered 200, and nothing shows whether the session has ended\. Check that `casUrl`/,
    );
    assert.equal(emulator().sessions().cas.open.length, 1);
  });

  const passing: [string, FaultAction][] = [
    ["429", { status: 429 }],
    ["500", { status: 500 }],
    ["a connection that is cut before the work", { drop: "before" }],
    ["a connection that is cut after the work", { drop: "after" }],
    ["no answer at all", { delayMs: 5_000 }],
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

  it("is done after 500 when the session is dead: some servers answer so when they end it", async () => {
    const { end, asked } = await open(emulator());
    emulator().expireSessions();
    emulator().fault({ on: "cas.logout", times: 10_000, do: { status: 500 } });
    await end();
    assert.deepEqual(asked(), ["cas.logout", "cas.probe"]);
  });

  it("is not done after 500 when the probe can't tell", async () => {
    const { end } = await open(emulator(), { service: undefined });
    emulator().fault({ on: "cas.logout", times: 10_000, do: { status: 500 } });
    emulator().fault({ on: "cas.probe", times: 10_000, do: { status: 200, body: "<h1>Welcome</h1>" } });
    assert.match((await rejection(end(BRIEF))).message, /POST \/cas\/logout answered 500/);
  });

  it("fails when no answer to the probe comes within its time", async () => {
    const { end } = await open(emulator());
    emulator().fault({ on: "cas.probe", times: 10_000, do: { status: 503 } });
    assert.match((await rejection(end(BRIEF))).message, /GET \/cas\/login answered 503/);
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

describe("CasSession delete where no probe can tell life from death", () => {
  const emulator = useEmulator(JASIG_35);
  const answers: [string, FaultAction][] = [
    ["a redirect", { status: 302, headers: { location: "https://portal.example/" } }],
    ["204", { status: 204 }],
    ["a page with a form", { status: 200, body: '<form action="/sso"><input name="q"></form>' }],
  ];
  for (const [answer, action] of answers) {
    it(`fails when the logout is answered by ${answer}, which is no logout page`, async () => {
      const { end } = await open(emulator(), { service: undefined });
      emulator().fault({ on: "cas.logout", times: 10_000, do: action });
      assert.match((await rejection(end(BRIEF))).message, /nothing shows whether the session has ended/);
      assert.equal(emulator().sessions().cas.open.length, 1);
    });
  }
});
