import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import type { OperationOptions } from "../../provider/api/deadline";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { BRIEF, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";

describe("WebCliSession delete", () => {
  const emulator = useEmulator();
  const open = async (change: object = {}) => {
    const { id, outs } = await webCliLifecycle(emulator()).create(webCliInputs(emulator()));
    const state = { ...outs, ...change };
    return (options?: OperationOptions) => webCliLifecycle(emulator()).delete(id, state, options);
  };
  const meet = (action: FaultAction, times = 1) =>
    emulator().fault({ on: "webcli.logout", times, do: action });
  const opened = () => emulator().sessions().webCli.open.length;
  const afterLogin = () => calls(emulator()).slice(1);

  it("logs out, and says in one line by what the session is known to have ended", async () => {
    const end = await open();
    const server = `the Web CLI of DCS instance ${emulator().instanceId}`;
    assert.deepEqual(await noticesOf(end), [`Logged out of ${server}: its logout was answered by 204.`]);
    assert.deepEqual(afterLogin(), ["webcli.logout"]);
    assert.deepEqual(emulator().sessions().webCli, { open: [], opened: 1, closed: 1, expired: 0 });
  });

  const PAGE: FaultAction = { status: 200, body: "<html>Welcome to the portal</html>" };
  const doubtful: [string, FaultAction][] = [
    ["200 with a page", PAGE],
    ["200 with an error code", { status: 200, body: { error_code: "111400999" } }],
    ["200 with an empty object", { status: 200, body: {} }],
    ["200 without a body", { status: 200, body: "" }],
    ["202 without a body", { status: 202, body: "" }],
  ];
  for (const [what, action] of doubtful) {
    it(`lets a PING decide after ${what}: the session is alive, so it logs out again`, async () => {
      const end = await open();
      meet(action, 2);
      await end();
      const again = ["webcli.logout", "webcli.command"];
      assert.deepEqual(afterLogin(), [...again, ...again, "webcli.logout"]);
      assert.equal(opened(), 0);
    });
  }

  it("lets a PING decide after 200 with a page: the session is dead, so it is done", async () => {
    const end = await open();
    emulator().expireSessions();
    meet(PAGE);
    await end();
    assert.deepEqual(afterLogin(), ["webcli.logout", "webcli.command"]);
  });

  it("fails when every logout is answered by 200 with a page and the session stays alive", async () => {
    const end = await open();
    meet(PAGE, 10_000);
    const { message } = await rejection(end(BRIEF));
    assert.match(
      message,
      /answered 200 in place of 204, and the session still answers a PING.*`pulumi state delete URN`/,
    );
    assert.doesNotMatch(message, /portal/);
    assert.equal(opened(), 1);
  });

  it("is done when the instance no longer exists", async () => {
    const end = await open();
    emulator().removeInstance();
    await end();
    assert.equal(emulator().requests().at(-1)?.status, 404);
  });

  it('is done when "invalid parameter" meant the session: a PING fails the same way, once it is answered', async () => {
    const end = await open();
    emulator().expireSessions();
    emulator().fault({ on: "webcli.command", do: { drop: "before" } });
    await end();
    // On a connection that was used before, the PING may not have arrived: it goes out again on a fresh one.
    assert.deepEqual(afterLogin(), ["webcli.logout", "webcli.command", "webcli.command"]);
  });

  it('fails when "invalid parameter" did not mean the session: a PING works', async () => {
    const end = await open();
    meet({ status: 400, body: { error_code: "111400063" } });
    assert.match(
      (await rejection(end())).message,
      /^Could not log out of the Web CLI .* answered 400 111400063.*, and the session still answers a PING/,
    );
  });

  const passing: [string, FaultAction][] = [
    ["a busy code", { status: 400, body: { error_code: "111400111" } }],
    ["429", { status: 429 }],
    ["500", { status: 500, body: { error_code: "111500000" } }],
    ["503", { status: 503, body: "<html>unavailable</html>" }],
    ["a connection that is cut before the work", { drop: "before" }],
    ["a connection that is cut after the work", { drop: "after" }],
    ["no answer at all", { delayMs: 5_000 }],
  ];
  for (const [answer, action] of passing) {
    it(`tries again after ${answer}`, async () => {
      const end = await open();
      meet(action);
      await end();
      assert.equal(requestsOn(emulator(), "webcli.logout").length, 2);
      assert.equal(opened(), 0);
    });
  }

  it("fails when a fault does not pass within its time, and can be run again", async () => {
    const end = await open();
    meet({ status: 500 }, 10_000);
    assert.match(
      (await rejection(end(BRIEF))).message,
      /answered 500.* Run the same command again later\. If the server no longer exists, .*`pulumi state delete URN`/,
    );
    emulator().clearFaults();
    await end();
    assert.equal(opened(), 0);
  });

  const refusals: [string, FaultAction, RegExp][] = [
    ["403", { status: 403, body: { error_code: "DCS.2003" } }, /403 DCS\.2003.*dcs:instance:webcli/],
    [
      "the gateway's 404",
      { status: 404, body: { error_code: "APIGW.0101" } },
      /APIGW\.0101.*no proxy or gate/,
    ],
    [
      "a 404 that is not the DCS API's",
      { status: 404, body: "<html>" },
      /answered 404 .*no proxy or gateway/,
    ],
    ["a redirect", { status: 302, headers: { Location: "http://127.0.0.1:1/" } }, /answered 302/],
    ["an unknown 400", { status: 400, body: { error_code: "111400999" } }, /answered 400 111400999/],
  ];
  for (const [answer, action, message] of refusals) {
    it(`fails on ${answer}, at once`, async () => {
      const end = await open();
      meet(action);
      assert.match((await rejection(end())).message, message);
      assert.deepEqual(afterLogin(), ["webcli.logout"]);
    });
  }

  it("knows what an error code means, and shows it, although a client ID looks like it", async () => {
    for (const error_code of ["111404022", "DCS.3022"]) {
      const end = await open({ clientId: `a${error_code}b` });
      meet({ status: 404, body: { error_code } });
      await end();
    }
    for (const error_code of ["DCS.2003", "APIGW.0303", "111403002"]) {
      const end = await open({ clientId: `a${error_code}b` });
      meet({ status: 403, body: { error_code } });
      const { message } = await rejection(end());
      assert.ok(message.includes(`answered 403 ${error_code}`), message);
    }
  });
});
