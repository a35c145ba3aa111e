import assert from "node:assert/strict";
import { EngineLog } from "../../provider/plugin/engineLog";
import { useEmulator } from "../support/emulator";
import { EngineServer } from "../support/engineServer";
import { useEnvironment } from "../support/environment";
import { noticesOf } from "../support/outputs";
import { Plugin } from "../support/plugin";

describe("What the native plugin shows in the row of a resource", () => {
  const emulator = useEmulator();
  let engine: EngineServer;
  let plugin: Plugin;

  beforeEach(async () => {
    engine = await EngineServer.start();
    plugin = await Plugin.start({ engine: engine.address });
    const { projectId, dcsEndpoint, accessKey, secretKey } = emulator();
    await plugin.configure({ projectId, dcsEndpoint, accessKey, secretKey });
  });
  afterEach(() => {
    plugin.stop();
    engine.stop();
  });

  async function opened() {
    const { instanceId, redisPassword } = emulator();
    const { inputs } = await plugin.check("WebCliSession", { instanceId, password: redisPassword });
    return { inputs, ...(await plugin.create("WebCliSession", inputs)) };
  }

  it("is what it does, for as long as that lasts", async () => {
    const server = `the Web CLI of DCS instance ${emulator().instanceId}`;
    const { outs } = await opened();
    assert.deepEqual(engine.statuses, [`logging in to ${server}`]);
    await plugin.read("WebCliSession", outs);
    assert.deepEqual(engine.statuses.slice(-2), [
      `checking whether the session of ${server} is open`,
      `the session of ${server} is open`,
    ]);
    await plugin.delete("WebCliSession", outs);
    assert.equal(engine.statuses.at(-1), `logging out of ${server}`);
  });

  it("is nothing at a diff of what stays as it is, which has no row", async () => {
    const { inputs, outs } = await opened();
    const before = engine.logged.length;
    await plugin.diff("WebCliSession", outs, inputs, inputs);
    assert.equal(engine.logged.length, before);
  });

  it("is by what a session is known to have ended, and stays", async () => {
    const { outs } = await opened();
    await plugin.delete("WebCliSession", outs);
    assert.deepEqual(engine.notices, [
      `Logged out of the Web CLI of DCS instance ${emulator().instanceId}: its logout was answered by 204.`,
    ]);
  });

  it("is said of that resource", async () => {
    await opened();
    assert.deepEqual(
      engine.logged.map(({ urn }) => urn),
      ["urn:pulumi:dev::tests::huaweicloud-sessions:index:WebCliSession::name"],
    );
  });

  it("is why a session is opened again", async () => {
    const { inputs, outs } = await opened();
    emulator().expireSessions();
    await plugin.diff("WebCliSession", outs, inputs, inputs);
    assert.match(engine.notices.join(), /has expired or was ended\. It will be opened again\.$/);
  });

  describe("where the environment names a proxy", () => {
    useEnvironment(() => ({ http_proxy: "http://127.0.0.1:1" }));

    it("goes straight to the engine", async () => {
      const log = new EngineLog(engine.address);
      await log.during("urn", async (display) => display.notice("seen"));
      log.close();
      assert.deepEqual(engine.notices, ["seen"]);
    });
  });

  it("is the sum of more than twenty logouts, too", async () => {
    const sessions = [];
    for (let i = 0; i < 22; i += 1) sessions.push(await opened());
    await Promise.all(sessions.map(({ outs }) => plugin.delete("WebCliSession", outs)));
    assert.equal(engine.notices.length, 21);
    assert.match(engine.notices.at(-1) ?? "", /^2 more sessions were logged out/);
  });

  it("is printed where no engine takes it, without what passes", async () => {
    const { outs } = await opened();
    engine.stop();
    const printed = await noticesOf(() => plugin.delete("WebCliSession", outs));
    assert.match(printed.join("\n"), /^Logged out of the Web CLI [^\n]*$/);
  });

  it("holds up nothing where the engine takes it without an answer", async () => {
    engine.isSilent = true;
    const { outs } = await opened();
    await plugin.delete("WebCliSession", outs);
    assert.equal(emulator().sessions().webCli.open.length, 0);
  });
});
