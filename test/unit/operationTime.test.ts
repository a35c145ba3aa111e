import assert from "node:assert/strict";
import type { CommandInputs } from "../../provider/lifecycle/commandInputs";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { commandLifecycle, QUICK, quickRuntime, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

/** The time of a test is up long before that of an operation. */
const PATIENT = { ...QUICK, requestTimeout: 60_000, idleTimeout: 60_000, operationTimeout: 60_000 };

describe("The time of an operation", () => {
  const emulator = useEmulator();
  const { now } = Date;
  afterEach(() => {
    Date.now = now;
  });
  const inputs = (): CommandInputs => ({ ...webCliInputs(emulator()), create: "SET ready 1" });
  const command = (timeouts = PATIENT) => commandLifecycle(emulator(), quickRuntime({ timeouts }));

  it("is that of all steps of a command together, and leaves time for its logout", async () => {
    emulator().fault({ on: "webcli.command", do: { delayMs: 60_000 } });
    const { message } = await rejection(command().create(inputs(), { timeout: 1_000 }));
    assert.match(message, /^Could not run the command .*the answer was not complete in time/);
    assert.deepEqual(calls(emulator()), ["webcli.auth", "webcli.command", "webcli.logout"]);
    assert.equal(emulator().sessions().webCli.open.length, 0);
  });

  it("is refused at once where no login and logout fit into it, with the least that works", async () => {
    const creates = [
      webCliLifecycle(emulator(), PATIENT).create(webCliInputs(emulator()), { timeout: 150 }),
      command().create(inputs(), { timeout: 150 }),
    ];
    for (const create of creates) {
      const { message } = await rejection(create);
      assert.match(
        message,
        /nothing was sent, because a timeout of 0\.15 s .*`customTimeouts` to at least 0\.3 s/,
      );
    }
    assert.deepEqual(emulator().requests(), []);
  });

  it("may be the least that works", async () => {
    const timeouts = { ...PATIENT, leastAnswerTime: 2_000 };
    await webCliLifecycle(emulator(), timeouts).create(webCliInputs(emulator()), { timeout: 6_000 });
    assert.equal(emulator().sessions().webCli.open.length, 1);
  });

  it("does not grow when the clock is set back", async () => {
    const { id, outs } = await webCliLifecycle(emulator()).create(webCliInputs(emulator()));
    emulator().fault({ on: "webcli.logout", times: 10_000, do: { status: 500 } });
    const ended = rejection(webCliLifecycle(emulator(), PATIENT).delete(id, outs, { timeout: 400 }));
    Date.now = () => now() - 3_600_000;
    assert.match((await ended).message, /answered 500/);
    assert.ok(requestsOn(emulator(), "webcli.logout").length > 0);
  });
});
