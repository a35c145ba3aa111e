import assert from "node:assert/strict";
import type { Emulator, FaultAction } from "../../emulator";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

async function open(emulator: Emulator) {
  const { id, outs } = await webCliLifecycle(emulator).create(webCliInputs(emulator));
  assert.ok(outs);
  return { outs, end: () => webCliLifecycle(emulator).delete(id, outs) };
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

  it("takes a 200 for a 204", async () => {
    const { end } = await open(emulator());
    emulator().fault({ on: "webcli.logout", do: { status: 200, body: "{}" } });
    await end();
  });

  it("is done when the instance is gone", async () => {
    const { end } = await open(emulator());
    emulator().removeInstance();
    await end();
    assert.equal(emulator().requests().at(-1)?.status, 404);
  });

  it("is done when an invalid-parameter answer meant the session: a PING fails the same way", async () => {
    const { end } = await open(emulator());
    emulator().expireSessions();
    await end();
    assert.deepEqual(calls(emulator()).slice(1), ["webcli.logout", "webcli.command"]);
  });

  it("fails when an invalid-parameter answer did not mean the session: a PING works", async () => {
    const { end } = await open(emulator());
    emulator().fault({ on: "webcli.logout", do: invalid });
    assert.match(
      (await rejection(end())).message,
      /^Could not log out of the Web CLI .* answered 400 111400063.*The session still answers a PING/,
    );
  });

  it("asks again when the PING that decides gets no answer", async () => {
    const { end } = await open(emulator());
    emulator().expireSessions();
    emulator().fault({ on: "webcli.command", do: { drop: "before" } });
    await end();
    const twice = ["webcli.logout", "webcli.command"];
    assert.deepEqual(calls(emulator()).slice(1), [...twice, ...twice]);
  });

  const passing: [string, FaultAction][] = [
    ["a busy code", { status: 400, body: { error_code: "111400111" } }],
    ["429", { status: 429 }],
    ["500", { status: 500, body: { error_code: "111500000" } }],
    ["503", { status: 503, body: "<html>unavailable</html>" }],
    ["a connection cut before the work", { drop: "before" }],
    ["a connection cut after the work", { drop: "after" }],
    ["an answer that does not come", { delayMs: 5_000 }],
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
    assert.match((await rejection(end())).message, /answered 500.* Run the same command again later\.$/);
    emulator().clearFaults();
    await end();
    assert.equal(emulator().sessions().webCli.open.length, 0);
  });

  const refusals: [string, FaultAction, RegExp][] = [
    ["403", { status: 403, body: { error_code: "DCS.2003" } }, /403 DCS\.2003.*dcs:instance:webcli/],
    ["the gateway's 404", { status: 404, body: { error_code: "APIGW.0101" } }, /404 APIGW\.0101.*endpoint/],
    ["a 404 that is no DCS answer", { status: 404, body: "<html>" }, /answered 404 .*endpoint/],
    ["a redirect", { status: 302, headers: { Location: "http://127.0.0.1:1/" } }, /answered 302/],
    ["an unknown 400", { status: 400, body: { error_code: "111400999" } }, /answered 400 111400999/],
  ];
  for (const [answer, action, said] of refusals) {
    it(`fails on ${answer}, at once`, async () => {
      const { end } = await open(emulator());
      emulator().fault({ on: "webcli.logout", do: action });
      assert.match((await rejection(end())).message, said);
      assert.equal(calls(emulator()).length, 2);
    });
  }
});
