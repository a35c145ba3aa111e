import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import { useEmulator } from "../support/emulator";
import { webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";

const NOTHING = { changes: false };
const IN_PLACE = { changes: true };
const replacedBy = (...replaces: string[]) => ({ changes: true, replaces });

describe("WebCliSession diff", () => {
  const emulator = useEmulator();
  const lifecycle = () => webCliLifecycle(emulator());

  async function opened(more = {}) {
    const inputs = webCliInputs(emulator(), more);
    const { outs } = await lifecycle().create(inputs);
    const diff = (change = {}, olds: object = outs) => lifecycle().diff("", olds, { ...inputs, ...change });
    return { inputs, outs, diff };
  }

  for (const arg of ["endpoint", "projectId", "instanceId", "password"] as const) {
    it(`replaces when ${arg} changes`, async () => {
      const { diff } = await opened();
      assert.deepEqual(await diff({ [arg]: "another" }), replacedBy(arg));
    });
  }

  it("replaces when a trigger changes, and does not ask the service", async () => {
    const { diff } = await opened({ triggers: ["a"] });
    assert.deepEqual(await diff({ triggers: ["b"] }), replacedBy("triggers"));
    assert.equal(emulator().requests().length, 1);
  });

  it("changes nothing while the session is alive", async () => {
    const { diff } = await opened({ triggers: ["a"] });
    assert.deepEqual(await diff({ triggers: ["a"] }), NOTHING);
  });

  it("replaces a dead session", async () => {
    const { diff } = await opened();
    emulator().expireSessions();
    const notices = await noticesOf(async () => assert.deepEqual(await diff(), replacedBy("clientId")));
    assert.match(notices.join(), /has expired or was ended\. It will be opened again\.$/);
  });

  it("leaves a session alone where reopenWhenExpired is false, without asking", async () => {
    const { diff } = await opened();
    emulator().expireSessions();
    assert.deepEqual(await diff({ reopenWhenExpired: false }), NOTHING);
    assert.equal(emulator().requests().length, 1);
  });

  it("replaces a session whose instance no longer exists", async () => {
    const { diff } = await opened();
    emulator().removeInstance();
    assert.deepEqual(await diff(), replacedBy("clientId"));
  });

  const unclear: FaultAction[] = [{ status: 500 }, { status: 403 }, { drop: "before" }, { delayMs: 5_000 }];
  for (const fault of unclear) {
    it(`changes nothing when the service can't tell (${JSON.stringify(fault)}), and says so`, async () => {
      const { diff } = await opened();
      emulator().fault({ on: "webcli.command", times: 10, do: fault });
      const notices = await noticesOf(async () => assert.deepEqual(await diff(), NOTHING));
      assert.equal(notices.length, 1);
      assert.match(
        notices.join(),
        /^Could not tell whether the session of the Web CLI of DCS instance .* is alive, so it is kept: POST .*\.$/,
      );
    });
  }

  it("changes nothing when Redis answers the PING with an error: the session took it there", async () => {
    const { diff } = await opened();
    emulator().fault({ on: "webcli.command", do: { status: 200, body: { response: "NOAUTH required." } } });
    assert.deepEqual(await diff(), NOTHING);
  });

  it("tells an unchanged password from another by what release 0.1.0 kept of it", async () => {
    const { outs, diff } = await opened();
    const { passwordDigest: passwordSeal, ...rest } = outs;
    assert.deepEqual(await diff({}, { ...rest, passwordSeal }), NOTHING);
    assert.deepEqual(await diff({ password: "another" }, { ...rest, passwordSeal }), replacedBy("password"));
  });

  it("replaces a session that a failed create left behind", async () => {
    const { outs, diff } = await opened();
    assert.deepEqual(await diff({}, { ...outs, unfinished: true }), replacedBy("clientId"));
  });

  it("replaces a session of its own when the program adopts another", async () => {
    const { diff } = await opened();
    assert.deepEqual(await diff({ clientId: "another" }), replacedBy("clientId"));
  });

  it("updates in place when the program adopts the very session that it opened", async () => {
    const { outs, diff } = await opened();
    assert.deepEqual(await diff({ clientId: outs.clientId }), IN_PLACE);
  });

  for (const place of ["endpoint", "projectId", "instanceId"] as const) {
    it(`replaces a session to adopt when ${place} changes, even with the same client ID`, async () => {
      const { outs, diff } = await opened();
      const moved = { clientId: outs.clientId, [place]: "another" };
      assert.deepEqual(await diff(moved), replacedBy(place, "clientId"));
    });
  }

  describe("of an adopted session", () => {
    const adopted = async () => {
      const { clientId } = (await opened()).outs;
      return opened({ clientId, password: undefined });
    };

    it("changes nothing, dead or not, because it can't be reopened", async () => {
      const { diff } = await adopted();
      assert.deepEqual(await diff(), NOTHING);
      emulator().expireSessions();
      assert.deepEqual(await diff(), NOTHING);
    });

    it("updates in place when a trigger changes: a replacement would log out what it had just adopted", async () => {
      const { inputs, outs, diff } = await adopted();
      const triggers = ["new"];
      assert.deepEqual(await diff({ triggers }), IN_PLACE);
      const updated = await lifecycle().update("", outs, { ...inputs, triggers });
      assert.deepEqual(updated.outs, { ...outs, triggers });
      assert.equal(emulator().sessions().webCli.open.length, 1);
    });

    it("replaces when the program logs in again instead", async () => {
      const { diff } = await adopted();
      assert.deepEqual(await diff({ clientId: undefined }), replacedBy("clientId"));
    });
  });
});

describe("WebCliSession read", () => {
  const emulator = useEmulator();

  it("keeps a session that is alive or can't be asked about, and drops one that is dead", async () => {
    const lifecycle = webCliLifecycle(emulator());
    const { outs } = await lifecycle.create(webCliInputs(emulator()));
    assert.deepEqual(await lifecycle.read("id", outs), { id: "id", props: outs });
    emulator().fault({ on: "webcli.command", do: { status: 502 } });
    assert.deepEqual(await lifecycle.read("id", outs), { id: "id", props: outs });
    emulator().expireSessions();
    assert.deepEqual(await lifecycle.read("id", outs), {});
  });
});
