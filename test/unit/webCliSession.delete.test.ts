import assert from "node:assert/strict";
import type { Emulator, FaultAction } from "../../emulator";
import type { OperationOptions } from "../../provider/api/deadline";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { BRIEF, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";

async function open(emulator: Emulator) {
  const { id, outs } = await webCliLifecycle(emulator).create(webCliInputs(emulator));
  assert.ok(outs);
  return { outs, end: (options?: OperationOptions) => webCliLifecycle(emulator).delete(id, outs, options) };
}

const invalid: FaultAction = {
  status: 400,
  body: { error_code: "111400063", error_msg: "Invalid {0} parameter in the request." },
};

describe("WebCliSession delete", () => {
  const emulator = useEmulator();

  it("logs out", async () => {
    const { end } = await open(emulator());
    await end();
    assert.deepEqual(calls(emulator()).slice(1), ["webcli.logout"]);
    assert.deepEqual(emulator().sessions().webCli, { open: [], opened: 1, closed: 1, expired: 0 });
  });

  it("says in one line by what the session is known to have ended", async () => {
    const { end, outs } = await open(emulator());
    const server = `Logged out of the Web CLI of DCS instance ${outs.instanceId}`;
    assert.deepEqual(await noticesOf(end), [`${server}: its logout was answered by 204.`]);
  });

  const doubtful: [string, FaultAction][] = [
    ["200 with a page", { status: 200, body: "<html>Welcome to the portal</html>" }],
    ["200 with an error code", { status: 200, body: { error_code: "111400999" } }],
    ["200 with an error in another spelling", { status: 200, body: { errorCode: "DCS.4063" } }],
    ["200 with a failure", { status: 200, body: { success: false } }],
    ["200 with an empty object", { status: 200, body: {} }],
    ["200 with JSON that is not an object", { status: 200, body: "[]" }],
    ["200 without a body", { status: 200, body: "" }],
    ["202 without a body", { status: 202, body: "" }],
  ];
  for (const [what, action] of doubtful) {
    it(`lets a PING decide after ${what}: the session is alive, so it logs out again`, async () => {
      const { end } = await open(emulator());
      emulator().fault({ on: "webcli.logout", times: 2, do: action });
      await end();
      const again = ["webcli.logout", "webcli.command"];
      assert.deepEqual(calls(emulator()).slice(1), [...again, ...again, "webcli.logout"]);
      assert.equal(emulator().sessions().webCli.open.length, 0);
    });

    it(`lets a PING decide after ${what}: the session is dead, so it is done`, async () => {
      const { end } = await open(emulator());
      emulator().expireSessions();
      emulator().fault({ on: "webcli.logout", do: action });
      await end();
      assert.deepEqual(calls(emulator()).slice(1), ["webcli.logout", "webcli.command"]);
    });

    it(`fails when every logout is answered by ${what} and the session stays alive`, async () => {
      const { end } = await open(emulator());
      emulator().fault({ on: "webcli.logout", times: 10_000, do: action });
      const { message } = await rejection(end(BRIEF));
      const pattern = new RegExp(
        `answered ${action.status} in place of 204, and the session still answers a PING.*\`pulumi state delete URN\``,
      );
      assert.match(message, pattern);
      assert.doesNotMatch(message, /portal/);
      assert.equal(emulator().sessions().webCli.open.length, 1);
    });
  }

  it("is done when the instance no longer exists", async () => {
    const { end } = await open(emulator());
    emulator().removeInstance();
    await end();
    assert.equal(emulator().requests().at(-1)?.status, 404);
  });

  it('is done when "invalid parameter" meant the session: a PING fails the same way', async () => {
    const { end } = await open(emulator());
    emulator().expireSessions();
    await end();
    assert.deepEqual(calls(emulator()).slice(1), ["webcli.logout", "webcli.command"]);
  });

  it('fails when "invalid parameter" did not mean the session: a PING works', async () => {
    const { end } = await open(emulator());
    emulator().fault({ on: "webcli.logout", do: invalid });
    assert.match(
      (await rejection(end())).message,
      /^Could not log out of the Web CLI .* answered 400 111400063.*, and the session still answers a PING/,
    );
  });

  it("asks again when the PING that decides gets no answer", async () => {
    const { end } = await open(emulator());
    emulator().expireSessions();
    emulator().fault({ on: "webcli.command", do: { drop: "before" } });
    await end();
    // On a connection that was used before, the PING may not have arrived: it goes out again on a fresh one.
    assert.deepEqual(calls(emulator()).slice(1), ["webcli.logout", "webcli.command", "webcli.command"]);
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
      const { end } = await open(emulator());
      emulator().fault({ on: "webcli.logout", do: action });
      await end();
      assert.equal(requestsOn(emulator(), "webcli.logout").length, 2);
      assert.equal(emulator().sessions().webCli.open.length, 0);
    });
  }

  it("fails when a fault does not pass within its time, and can be run again", async () => {
    const { end } = await open(emulator());
    emulator().fault({ on: "webcli.logout", times: 10_000, do: { status: 500 } });
    assert.match(
      (await rejection(end(BRIEF))).message,
      /answered 500.* Run the same command again later\. If the server no longer exists, .*`pulumi state delete URN`/,
    );
    emulator().clearFaults();
    await end();
    assert.equal(emulator().sessions().webCli.open.length, 0);
  });

  const refusals: [string, FaultAction, RegExp][] = [
    ["403", { status: 403, body: { error_code: "DCS.2003" } }, /403 DCS\.2003.*dcs:instance:webcli/],
    [
      "the gateway's 404",
      { status: 404, body: { error_code: "APIGW.0101" } },
      /404 APIGW\.0101.*no proxy or gateway/,
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
      const { end } = await open(emulator());
      emulator().fault({ on: "webcli.logout", do: action });
      assert.match((await rejection(end())).message, message);
      assert.equal(calls(emulator()).length, 2);
    });
  }
});

describe("WebCliSession delete of a session whose client ID looks like an error code", () => {
  const emulator = useEmulator();

  for (const error_code of ["111404022", "DCS.3022"]) {
    it(`knows what ${error_code} means all the same`, async () => {
      const { dcsEndpoint: endpoint, projectId, instanceId } = emulator();
      const openedAt = new Date().toISOString();
      const state = { endpoint, projectId, instanceId, clientId: `a${error_code}b`, openedAt };
      emulator().fault({ on: "webcli.logout", do: { status: 404, body: { error_code } } });
      await webCliLifecycle(emulator()).delete("id", state);
    });
  }

  for (const error_code of ["DCS.2003", "APIGW.0303", "111403002"]) {
    it(`shows ${error_code} all the same`, async () => {
      const { dcsEndpoint: endpoint, projectId, instanceId } = emulator();
      const openedAt = new Date().toISOString();
      const state = { endpoint, projectId, instanceId, clientId: `a${error_code}b`, openedAt };
      emulator().fault({ on: "webcli.logout", do: { status: 403, body: { error_code } } });
      const { message } = await rejection(webCliLifecycle(emulator()).delete("id", state));
      assert.ok(message.includes(`answered 403 ${error_code}`), message);
    });
  }
});
