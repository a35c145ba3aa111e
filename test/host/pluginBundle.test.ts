import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { useEmulator } from "../support/emulator";
import { EngineServer } from "../support/engineServer";
import { connected, useBundle } from "../support/plugin";
import { rejection } from "../support/rejection";

const run = promisify(execFile);

describe("The plugin as one file", function () {
  this.timeout(60_000);
  const folder = useBundle();
  const emulator = useEmulator();
  const executable = () => join(folder(), "pulumi-resource-huaweicloud-sessions");

  it("runs a session's life, and writes no secret to its log", async () => {
    const child = spawn(executable(), ["-v=9", "--logtostderr", "127.0.0.1:1"], {
      env: { PATH: process.env.PATH, HOME: "/nonexistent", DEBUG: "huaweicloud-sessions:*" },
    });
    let log = "";
    child.stderr.on("data", (text) => {
      log += text;
    });
    const plugin = await connected(child);
    const { projectId, dcsEndpoint, accessKey, secretKey, instanceId, redisPassword } = emulator();
    await plugin.configure({ projectId, dcsEndpoint, accessKey, secretKey });
    const args = { instanceId, password: redisPassword };
    const { inputs } = await plugin.check("WebCliSession", args);
    const { outs } = await plugin.create("WebCliSession", inputs);
    const [clientId = ""] = emulator().sessions().webCli.open;
    await rejection(plugin.create("WebCliSession", { ...inputs, password: "wr0ng-Passw0rd" }));
    await plugin.diff("WebCliSession", outs, inputs, inputs);
    await plugin.delete("WebCliSession", outs);
    plugin.stop();
    await once(child, "exit");
    assert.match(log, /huaweicloud-sessions:plugin/);
    for (const secret of [accessKey, secretKey, redisPassword, "wr0ng-Passw0rd", clientId]) {
      assert.ok(secret.length > 5 && !log.includes(secret), log);
    }
  });

  it("tells the engine that it logged out, also where the engine passes an address for traces before its own", async () => {
    const engine = await EngineServer.start();
    const child = spawn(executable(), ["--tracing", "tcp://127.0.0.1:2", engine.address]);
    const plugin = await connected(child);
    const { casUrl, username, password } = emulator();
    await plugin.configure({});
    const { inputs } = await plugin.check("CasSession", { casUrl, username, password });
    const { outs } = await plugin.create("CasSession", inputs);
    await plugin.delete("CasSession", outs);
    plugin.stop();
    await once(child, "exit");
    engine.stop();
    assert.match(engine.notices.join("\n"), /^Logged out of the CAS at /m);
  });

  it("says that it is started by Pulumi, to whoever starts it by hand", async () => {
    const error = await rejection(run(executable()));
    assert.match(
      error.message,
      /This is the Pulumi plugin huaweicloud-sessions; the Pulumi CLI starts it\.\n$/,
    );
  });

  it("says that it needs Node.js, where there is none", async () => {
    const error = await rejection(run("/bin/sh", [executable()], { env: { PATH: "/nonexistent" } }));
    assert.match(error.message, /needs Node\.js [\d.]+ or later .*, and there is no node on PATH\.\n$/);
  });

  it("ends when the engine that started it was killed", async () => {
    const engine = spawn("/bin/sh", ["-c", `"${executable()}" 127.0.0.1:1 & wait`]);
    await once(engine.stdout, "data");
    engine.kill("SIGKILL");
    // The plugin is the last to hold it.
    await once(engine.stdout, "end");
  });
});
