import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { WebCliCommand, WebCliSession } from "../../provider";
import { calls, commandsOf, useEmulator } from "../support/emulator";
import { useEngine, withProgram } from "../support/engine";

/** As the package's own text, with sessions that are renewed each second in place of every two minutes. */
const hostText = (resource: string) =>
  `exports.handler=()=>{const {createRequire}=require('module');` +
  `const r=createRequire(createRequire(process.cwd()+'/').resolve('pulumi-huaweicloud-sessions/lifecycle'));` +
  `const {Renewals}=r('./renewals');const {Runtime}=r('./runtime');` +
  `const runtime=globalThis.runtime??=new Runtime({renewals:new Renewals(1000)});` +
  `return r('./lifecycles').lifecyclesIn(runtime).${resource}};`;

const SESSION = hostText("WebCliSession");
const COMMAND = hostText("WebCliCommand");

const hosted = (text: string): pulumi.CustomResourceOptions => ({
  transforms: [({ props, opts }) => ({ props: { ...props, __provider: text }, opts })],
});

/** Something else of the stack that takes longer than a session stays alive by itself. */
class SlowResource extends pulumi.dynamic.Resource {
  constructor(name: string, opts: pulumi.CustomResourceOptions) {
    const create = async () => {
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      return { id: "slow" };
    };
    super({ create }, name, {}, opts);
  }
}

describe("A session in an update that takes longer than its idle timeout", function () {
  this.timeout(120_000);
  useEngine();
  const emulator = useEmulator({ idleSeconds: 3 });

  it("is alive for the command that comes last, and is left alone after the update", async () => {
    const program = async () => {
      const { instanceId, redisPassword: password } = emulator();
      const session = new WebCliSession("cache", { instanceId, password }, hosted(SESSION));
      const slow = new SlowResource("slow", { dependsOn: session });
      new WebCliCommand("late", { session, create: "SET late 1" }, { ...hosted(COMMAND), dependsOn: slow });
    };
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      const sent = commandsOf(emulator());
      assert.equal(sent.filter((command) => command === "SET late 1").length, 1);
      assert.ok(sent.filter((command) => command === "PING").length >= 5);
      const inUpdate = emulator().requests().length;
      await stack.destroy();
      const inDestroy = calls(emulator()).slice(inUpdate);
      // A PING before the logout's answer is the evidence for a session that has expired by now.
      assert.equal(inDestroy[0], "webcli.logout");
    });
    assert.equal(emulator().sessions().webCli.open.length, 0);
  });
});
