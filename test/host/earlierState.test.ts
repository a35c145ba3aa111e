import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../package.json";
import { useEmulator } from "../support/emulator";
import { type Bag, Host } from "../support/host";
import { casInputs, casLifecycle, configOf, webCliInputs, webCliLifecycle } from "../support/lifecycles";

const FIXTURES = join(__dirname, "../fixtures");
const USER_AGENT = "pulumi-huaweicloud-sessions";

type States = Record<"WebCliSession" | "WebCliCommand" | "CasSession", Bag>;

// One file for each release whose state has another shape. They stay for ever: a stack may be destroyed long
// after its last up, by whatever release is installed then.
for (const file of readdirSync(FIXTURES).filter((name) => name.startsWith("state-"))) {
  describe(`State as in ${file}`, () => {
    const emulator = useEmulator();
    let host: Host;
    let states: States;
    beforeEach(async () => {
      states = await fill(file);
      host = await Host.start(join(__dirname, "../.."), configOf(emulator()));
    });
    afterEach(() => host.stop());

    /** Puts sessions that are open now in the places of those that were. */
    async function fill(name: string): Promise<States> {
      const { outs: webCli } = await webCliLifecycle(emulator()).create(webCliInputs(emulator()));
      const { outs: cas } = await casLifecycle().create(casInputs(emulator(), { userAgent: USER_AGENT }));
      const { dcsEndpoint: endpoint, ...rest } = emulator();
      const values: Bag = { ...rest, ...cas, ...webCli, endpoint, password: emulator().password };
      const text = readFileSync(join(FIXTURES, name), "utf8");
      return JSON.parse(text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => String(values[key])));
    }

    for (const type of ["WebCliSession", "CasSession"] as const) {
      it(`is read and ended by this release: ${type}`, async () => {
        assert.equal(await host.read("id", states[type]), "id");
        await host.delete("id", states[type]);
        const counts = emulator().sessions()[type === "CasSession" ? "cas" : "webCli"];
        assert.deepEqual([counts.open.length, counts.closed], [0, 1]);
        assert.equal(await host.read("id", states[type]), "");
      });
    }

    it("runs its delete command by this release: WebCliCommand", async () => {
      await host.delete("id", states.WebCliCommand);
      const { command, database } = JSON.parse(emulator().requests().at(-1)?.body ?? "");
      assert.deepEqual([command, database], ["DEL ready", 3]);
    });
  });
}

describe("The state that this release writes", () => {
  const emulator = useEmulator();

  it("has a fixture of its shape", async () => {
    const states: States = JSON.parse(readFileSync(join(FIXTURES, `state-${version}.json`), "utf8"));
    const names = (state: object | undefined) => Object.keys({ ...state, __provider: "" }).sort();
    const triggers = ["day"];
    const { outs: webCli } = await webCliLifecycle(emulator()).create(webCliInputs(emulator(), { triggers }));
    assert.deepEqual(names(webCli), Object.keys(states.WebCliSession).sort());
    const { outs: cas } = await casLifecycle().create(casInputs(emulator(), { triggers }));
    assert.deepEqual(names(cas), Object.keys(states.CasSession).sort());
  });
});
