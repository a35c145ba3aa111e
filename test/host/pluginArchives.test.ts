import assert from "node:assert/strict";
import { exec, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import { archiveName, pack } from "../../tools/plugin/pack";
import { openSessions, useEmulator } from "../support/emulator";
import { useFolder } from "../support/folder";
import { connected } from "../support/plugin";

const NOWHERE = "http://127.0.0.1:1/";

describe("The plugin's archives", function () {
  this.timeout(60_000);
  const emulator = useEmulator();
  const folder = useFolder();
  before(() => pack(folder()));

  async function unpack(platform: string): Promise<string> {
    const cwd = join(folder(), platform);
    await mkdir(cwd);
    await extract({ file: join(folder(), archiveName(platform)), cwd });
    return cwd;
  }

  it("need no network to be installed on Windows, where Pulumi's Node.js host runs them", async () => {
    const cwd = await unpack("windows-amd64");
    // What the host does, in sdk/nodejs/cmd/pulumi-language-nodejs/main.go: InstallDependencies and RunPlugin.
    const env = { ...process.env, npm_config_registry: NOWHERE };
    await promisify(exec)("npm install --loglevel=error", { cwd, env });
    const find = "console.log(require.resolve('@pulumi/pulumi/cmd/run-plugin'))";
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", find], { cwd });
    const child = spawn(process.execPath, [stdout.trim(), cwd, "-v=9", "127.0.0.1:1"], { cwd: folder() });
    const plugin = await connected(child);
    const { projectId, dcsEndpoint, accessKey, secretKey, instanceId, redisPassword } = emulator();
    await plugin.configure({ projectId, dcsEndpoint, accessKey, secretKey });
    const { inputs } = await plugin.check("WebCliSession", { instanceId, password: redisPassword });
    const { outs } = await plugin.create("WebCliSession", inputs);
    assert.deepEqual(openSessions(emulator()), [1, 0]);
    await plugin.delete("WebCliSession", outs);
    assert.deepEqual(openSessions(emulator()), [0, 0]);
    plugin.stop();
    await once(child, "exit");
  });
});
