import assert from "node:assert/strict";
import { useEmulator } from "../support/emulator";
import { webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";

// The rules for sessions of every kind are in sessions.test.ts.
describe("WebCliSession diff, as a Web CLI has it,", () => {
  const emulator = useEmulator();
  const NOTHING = { changes: false };

  async function opened() {
    const inputs = webCliInputs(emulator());
    const { outs } = await webCliLifecycle(emulator()).create(inputs);
    const diff = (change = {}, olds: object = outs) =>
      webCliLifecycle(emulator()).diff("", olds, { ...inputs, ...change });
    return { outs, diff };
  }

  it("replaces a session whose instance no longer exists", async () => {
    const { diff } = await opened();
    emulator().removeInstance();
    assert.deepEqual(await diff(), { changes: true, replaces: ["clientId"] });
  });

  it("changes nothing when the service refuses to tell, and says so", async () => {
    const { diff } = await opened();
    emulator().fault({ on: "webcli.command", do: { status: 403 } });
    const notices = await noticesOf(async () => assert.deepEqual(await diff(), NOTHING));
    assert.match(notices.join(), /^Could not tell whether .* is alive, so it is kept: POST .* answered 403/);
  });

  it("changes nothing when Redis answers the PING with an error: the session took it there", async () => {
    const { diff } = await opened();
    emulator().fault({ on: "webcli.command", do: { status: 200, body: { response: "NOAUTH required." } } });
    assert.deepEqual(await diff(), NOTHING);
  });

  it("tells an unchanged password from another by what release 0.1.0 kept of it", async () => {
    const { outs, diff } = await opened();
    const { passwordDigest: passwordSeal, ...rest } = outs;
    assert.deepEqual(await diff({}, { ...rest, passwordSeal }), NOTHING);
    const changed = await diff({ password: "another" }, { ...rest, passwordSeal });
    assert.deepEqual(changed, { changes: true, replaces: ["password"] });
  });
});
