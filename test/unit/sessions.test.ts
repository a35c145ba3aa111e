import assert from "node:assert/strict";
import type { Emulator, FaultAction, FaultTarget } from "../../emulator";
import { openSessions, requestsOn, useEmulator } from "../support/emulator";
import { casInputs, casLifecycle, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";

/** What differs from one kind of session to another. */
interface Kind {
  resource: "WebCliSession" | "CasSession";
  lifecycle: (emulator: Emulator) => ReturnType<typeof webCliLifecycle | typeof casLifecycle>;
  inputs: (emulator: Emulator, more?: object) => object;
  /** What identifies a session. */
  key: string;
  /** The arguments of a login, which a program that adopts a session leaves out. */
  login: string[];
  /** The arguments that say which server it is. */
  server: string[];
  /** The arguments of which another value is another session. */
  replacing: string[];
  probe: FaultTarget;
}

const KINDS: Kind[] = [
  {
    ...{ resource: "WebCliSession", key: "clientId", login: ["password"], probe: "webcli.command" },
    server: ["endpoint", "projectId", "instanceId"],
    replacing: ["endpoint", "projectId", "instanceId", "password", "triggers"],
    lifecycle: (emulator) => webCliLifecycle(emulator),
    inputs: webCliInputs,
  },
  {
    ...{ resource: "CasSession", key: "ticketGrantingCookie", probe: "cas.probe", server: ["casUrl"] },
    login: ["username", "password"],
    replacing: ["casUrl", "service", "userAgent", "username", "password", "triggers"],
    lifecycle: () => casLifecycle(),
    inputs: casInputs,
  },
];

const NOTHING = { changes: false };
const IN_PLACE = { changes: true };
const replacedBy = (...replaces: string[]) => ({ changes: true, replaces });

for (const { resource, key, login, server, replacing, probe, ...kind } of KINDS) {
  describe(`A ${resource}, as a session of any kind,`, () => {
    const emulator = useEmulator();
    const lifecycle = () => kind.lifecycle(emulator());
    const probes = () => requestsOn(emulator(), probe).length;
    const expire = () => emulator().expireSessions();

    async function opened(more: object = {}) {
      const inputs = kind.inputs(emulator(), more);
      const { outs } = await lifecycle().create(inputs);
      const session: string = Object(outs)[key];
      const diff = (change: object = {}, olds: object = outs) =>
        lifecycle().diff("", olds, { ...inputs, ...change });
      return { inputs, outs, session, diff, read: () => lifecycle().read("id", outs) };
    }
    /** What a program passes that adopts a session in place of logging in. */
    const adoption = (session: string) => {
      return { ...Object.fromEntries(login.map((name) => [name, undefined])), [key]: session };
    };
    const adopted = async () => opened(adoption((await opened()).session));

    for (const name of replacing) {
      it(`is replaced when ${name} changes, without asking`, async () => {
        const { diff } = await opened({ triggers: ["one"] });
        const asked = probes();
        const changed = name === "triggers" ? ["another"] : "another";
        assert.deepEqual(await diff({ [name]: changed }), replacedBy(name));
        assert.equal(probes(), asked);
      });
    }

    it("is left as it is while it is alive", async () => {
      const { outs, diff, read } = await opened({ triggers: ["a"] });
      assert.deepEqual([await diff(), await read()], [NOTHING, { id: "id", props: outs }]);
    });

    it("is replaced when it is dead, and dropped by a refresh", async () => {
      const { diff, read } = await opened();
      expire();
      const notices = await noticesOf(async () => assert.deepEqual(await diff(), replacedBy(key)));
      assert.match(notices.join(), /has expired or was ended\. It will be opened again\.$/);
      assert.deepEqual(await read(), {});
    });

    it("is left alone where reopenWhenExpired is false, without asking", async () => {
      const { diff } = await opened();
      expire();
      const asked = probes();
      assert.deepEqual(await diff({ reopenWhenExpired: false }), NOTHING);
      assert.equal(probes(), asked);
    });

    const unclear: FaultAction[] = [{ status: 500 }, { drop: "before" }, { delayMs: 5_000 }];
    for (const fault of unclear) {
      it(`is kept when the server can't tell (${JSON.stringify(fault)}), and a notice says so`, async () => {
        const { outs, diff, read } = await opened();
        emulator().fault({ on: probe, times: 20, do: fault });
        const notices = await noticesOf(async () => assert.deepEqual(await diff(), NOTHING));
        assert.equal(notices.length, 1);
        assert.match(notices.join(), /^Could not tell whether the session of .* is alive, so it is kept: /);
        assert.deepEqual(await read(), { id: "id", props: outs });
      });
    }

    it("is replaced after a failed create left it behind", async () => {
      const { outs, diff } = await opened();
      assert.deepEqual(await diff({}, { ...outs, unfinished: true }), replacedBy(key));
    });

    it("is replaced when the program adopts another", async () => {
      const { diff } = await opened();
      assert.deepEqual(await diff(adoption("TGC=another")), replacedBy(...login, key));
    });

    it("is updated in place when the program adopts the very session that it opened", async () => {
      const { inputs, outs, session, diff } = await opened();
      for (const change of [adoption(session), { [key]: session }]) {
        assert.deepEqual(await diff(change), IN_PLACE);
      }
      const updated = await lifecycle().update("", outs, { ...inputs, ...adoption(session) });
      const kept = Object.entries(outs).filter(([name]) => name !== "passwordDigest" && name !== "username");
      assert.deepEqual(updated.outs, { ...Object.fromEntries(kept), adopted: true });
    });

    for (const place of server) {
      it(`is replaced when ${place} changes, even if the program adopts the same ${key}`, async () => {
        const { session, diff } = await opened();
        const moved = { ...adoption(session), [place]: "https://another" };
        assert.deepEqual(await diff(moved), replacedBy(place, ...login, key));
      });
    }

    describe("that adopts", () => {
      const adopt = (session: string) => lifecycle().create(kind.inputs(emulator(), adoption(session)));

      it("does not log in", async () => {
        const { session } = await opened();
        const outs = Object((await adopt(session)).outs);
        assert.deepEqual([outs[key], outs.adopted], [session, true]);
        const { webCli, cas } = emulator().sessions();
        assert.equal(webCli.opened + cas.opened, 1);
      });

      it("is refused a session that is dead", async () => {
        const { session } = await opened();
        expire();
        const { message } = await rejection(adopt(session));
        assert.match(
          message,
          /^Could not adopt the session of .* knows no open session with .* Log in again/,
        );
        assert.ok(!message.includes(session));
      });

      it("takes a session of which the server can't tell", async () => {
        const { session } = await opened();
        emulator().fault({ on: probe, do: { status: 500 } });
        assert.equal(Object((await adopt(session)).outs)[key], session);
      });
    });

    describe("that has adopted", () => {
      it("is left as it is, dead or not, because it can't be reopened", async () => {
        const { diff } = await adopted();
        assert.deepEqual(await diff(), NOTHING);
        expire();
        assert.deepEqual(await diff(), NOTHING);
      });

      it("is updated in place when a trigger changes: a replacement would log out what it had just adopted", async () => {
        const { inputs, outs, diff } = await adopted();
        const triggers = ["new"];
        assert.deepEqual(await diff({ triggers }), IN_PLACE);
        const updated = await lifecycle().update("", outs, { ...inputs, triggers });
        assert.deepEqual(updated.outs, { ...outs, triggers });
        assert.equal(Math.max(...openSessions(emulator())), 1);
      });

      it("is replaced when the program logs in again instead", async () => {
        const { diff } = await adopted();
        const own = { ...kind.inputs(emulator()), [key]: undefined };
        assert.deepEqual(await diff(own), replacedBy(...login, key));
      });
    });
  });
}
