import assert from "node:assert/strict";
import { CasSession, WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import { useEmulator } from "../support/emulator";
import { failureOf, useEngine, withProgram } from "../support/engine";
import { cacheArgs, managerArgs, testLife } from "./life";

describe("The dynamic resources on the real engine", function () {
  this.timeout(120_000);
  useEngine();

  describe("whose life", () => {
    testLife((emulator, triggers) => {
      const session = new WebCliSession("cache", { ...cacheArgs(emulator), triggers });
      const { response } = new WebCliCommand("runs", { session, create: "INCR runs", delete: "DEL runs" });
      const manager = new CasSession("manager", { ...managerArgs(emulator), triggers });
      return { clientId: session.clientId, cookie: manager.ticketGrantingCookie, response };
    });
  });

  const emulator = useEmulator();

  it("refuse bad input at preview, before anything is sent", async () => {
    const program = async () => {
      new WebCliSession("cache", { instanceId: "../auth", password: "s3cr3t\u0000" });
    };
    await withProgram(emulator(), { program }, async (stack) => {
      const printed = await failureOf(stack.preview());
      assert.match(printed, /`instanceId` must be the ID from the console/);
      assert.doesNotMatch(printed, /s3cr3t/);
    });
    assert.deepEqual(emulator().requests(), []);
  });
});
