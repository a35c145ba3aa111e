import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import { calls, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { configOf, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("WebCliSession create", () => {
  const emulator = useEmulator();
  useEnvironment();
  const create = (more = {}, config = configOf(emulator())) =>
    webCliLifecycle(config).create(webCliInputs(emulator(), more));
  const open = () => emulator().sessions().webCli.open;
  const meet = (action: FaultAction, times = 1) => emulator().fault({ on: "webcli.auth", times, do: action });

  it("logs in, and its outputs hold what a logout needs, and no password", async () => {
    const { id, outs } = await create();
    assert.match(id, /^webcli-[0-9a-f]{24}$/);
    const { dcsEndpoint: endpoint, projectId, instanceId, redisPassword } = emulator();
    const { openedAt, passwordDigest: _, ...rest } = outs;
    assert.deepEqual(rest, { endpoint, projectId, instanceId, clientId: open()[0], databases: 256 });
    assert.ok(Math.abs(Date.parse(openedAt) - Date.now()) < 60_000);
    assert.ok(!JSON.stringify(outs).includes(redisPassword));
  });

  it("logs in with a token where one is configured", async () => {
    const { authToken } = emulator();
    await create({}, { ...configOf(emulator()), "huaweicloud-sessions:authToken": authToken });
    assert.equal(emulator().requests().at(-1)?.headers["x-auth-token"], authToken);
    assert.equal(open().length, 1);
  });

  const neverActedOn: [string, FaultAction][] = [
    ["429", { status: 429, body: { error_code: "APIGW.0308", error_msg: "throttled" } }],
    ["a busy code", { status: 400, body: { error_code: "111400026", error_msg: "not allowed now" } }],
    ["a busy code in its other spelling", { status: 400, body: { error_code: "DCS.4049" } }],
  ];
  for (const [answer, action] of neverActedOn) {
    it(`logs in again after ${answer}`, async () => {
      meet(action, 2);
      await create();
      assert.deepEqual(calls(emulator()), ["webcli.auth", "webcli.auth", "webcli.auth"]);
      assert.equal(open().length, 1);
    });
  }

  const mayHaveBeenActedOn: [string, FaultAction][] = [
    ["500", { status: 500, body: { error_code: "DCS.5000" } }],
    ["a connection that is cut before the work", { drop: "before" }],
    ["a connection that is cut after the work", { drop: "after" }],
    ["no answer at all", { delayMs: 5_000 }],
  ];
  for (const [answer, action] of mayHaveBeenActedOn) {
    it(`does not send a second login after ${answer}, and says that a session may be open`, async () => {
      meet(action);
      const { message } = await rejection(create());
      assert.match(message, /^Could not log in to the Web CLI .* may have opened a session/);
      assert.deepEqual(calls(emulator()), ["webcli.auth"]);
    });
  }

  it("gives up at once when Retry-After asks for more than its time", async () => {
    meet({ status: 429, headers: { "Retry-After": "3600" } });
    assert.match((await rejection(create())).message, /answered 429/);
    assert.equal(calls(emulator()).length, 1);
  });

  it("says that the password is wrong, and does not show it", async () => {
    const { message } = await rejection(create({ password: "hunter2-secret" }));
    assert.match(
      message,
      /answered 400 111400080.*\. The instance refused the password\. Correct `password`\.$/,
    );
    assert.doesNotMatch(message, /hunter2/);
    assert.deepEqual(calls(emulator()), ["webcli.auth"]);
  });

  it("says where to set credentials where there are none", async () => {
    const { message } = await rejection(create({}, {}));
    assert.match(
      message,
      /no request was sent.* `huaweicloud-sessions:accessKey` is required, .*HW_ACCESS_KEY/,
    );
    assert.deepEqual(emulator().requests(), []);
  });
});
