import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator";
import { commandsOf, useEmulator } from "../support/emulator";
import { type Bag, Host } from "../support/host";
import {
  casInputs,
  casLifecycle,
  commandInputs,
  commandLifecycle,
  configOf,
  webCliInputs,
  webCliLifecycle,
} from "../support/lifecycles";

const FIXTURES = join(__dirname, "../fixtures");
const FILES = readdirSync(FIXTURES).filter((name) => name.startsWith("state-"));
const NEWEST = FILES.toSorted().at(-1) ?? "";
const USER_AGENT = "pulumi-huaweicloud-sessions";

/** Puts sessions that are open now in the places of those that were. */
async function statesIn(file: string, emulator: Emulator): Promise<Record<string, Bag>> {
  const { outs: webCli } = await webCliLifecycle(emulator).create(webCliInputs(emulator));
  const { outs: cas } = await casLifecycle().create(casInputs(emulator, { userAgent: USER_AGENT }));
  const { dcsEndpoint: endpoint, ...rest } = emulator;
  const values: Bag = { ...rest, ...cas, ...webCli, endpoint, password: emulator.password };
  const text = readFileSync(join(FIXTURES, file), "utf8");
  return JSON.parse(text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => String(values[key])));
}

// One file for each release whose state has another shape. They stay for ever: a stack may be destroyed long
// after its last up, by whatever release is installed then.
for (const file of FILES) {
  describe(`State as in ${file}`, () => {
    const emulator = useEmulator();
    let host: Host;
    let states: Record<string, Bag>;
    beforeEach(async () => {
      states = await statesIn(file, emulator());
      host = await Host.start(join(__dirname, "../.."), configOf(emulator()));
    });
    afterEach(() => host.stop());

    for (const type of ["WebCliSession", "CasSession"] as const) {
      it(`is read and ended by this release: ${type}`, async () => {
        const state = states[type] ?? {};
        assert.equal(await host.read("id", state), "id");
        await host.delete("id", state);
        const counts = emulator().sessions()[type === "CasSession" ? "cas" : "webCli"];
        assert.deepEqual([counts.open.length, counts.closed], [0, 1]);
        assert.equal(await host.read("id", state), "");
      });
    }

    it("has its delete commands run by this release, and their own sessions ended", async () => {
      const commands = Object.entries(states).filter(([name]) => name.startsWith("WebCliCommand"));
      assert.ok(commands.length > 0);
      for (const [, state] of commands) await host.delete("id", state);
      assert.deepEqual(
        commandsOf(emulator()),
        commands.map(() => "DEL ready"),
      );
      assert.equal(emulator().sessions().webCli.open.length, 1);
    });
  });
}

describe("The state that this release writes", () => {
  const emulator = useEmulator();
  const names = (state: object | undefined) => Object.keys({ ...state, __provider: "" }).sort();

  it(`has the shape of ${NEWEST}`, async () => {
    const fixture: Record<string, Bag> = JSON.parse(readFileSync(join(FIXTURES, NEWEST), "utf8"));
    const triggers = ["day"];
    const command = { delete: "DEL ready", database: 3, triggers };
    const inSession = await commandInputs(emulator(), command);
    const alone = { ...webCliInputs(emulator()), create: "SET ready 1", ...command };
    const written = {
      WebCliSession: await webCliLifecycle(emulator()).create(webCliInputs(emulator(), { triggers })),
      WebCliCommand: await commandLifecycle(emulator()).create(inSession),
      WebCliCommandWithOwnSession: await commandLifecycle(emulator()).create(alone),
      CasSession: await casLifecycle().create(casInputs(emulator(), { triggers })),
    };
    for (const [name, { outs }] of Object.entries(written)) {
      assert.deepEqual(names(outs), names(fixture[name]), name);
    }
  });
});
