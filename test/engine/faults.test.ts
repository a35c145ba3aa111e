import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { WebCliSession } from "pulumi-huaweicloud-sessions";
import type { Emulator, FaultAction, FaultTarget } from "../../emulator";
import { calls, useEmulator } from "../support/emulator";
import { useEngine, withProgram } from "../support/engine";
import { killed, until } from "../support/kill";

interface Row {
  case: string;
  opened: number;
  closed: number;
  expired: number;
  left: number;
}

describe("Sessions under faults on the real engine", function () {
  this.timeout(180_000);
  useEngine();
  const emulator = useEmulator();
  const rows: Row[] = [];
  afterEach(function () {
    const { opened, closed, expired, open } = emulator().sessions().webCli;
    rows.push({ case: this.currentTest?.title ?? "", opened, closed, expired, left: open.length });
  });
  after(() => console.table(rows));

  const left = () => emulator().sessions().webCli.open.length;

  it("100 sessions, a tenth of the calls failing: none is left", async () => {
    await withSessions(emulator(), 100, async (stack) => {
      const notPerformed: FaultAction[] = [
        { status: 429 },
        { status: 400, body: { error_code: "DCS.4026" } },
      ];
      strikeTenth(emulator(), "webcli.auth", notPerformed);
      await stack.up();
      emulator().clearFaults();
      assert.equal(left(), 100);
      strikeTenth(emulator(), "webcli.logout", [
        { status: 500 },
        { drop: "before" },
        { drop: "after" },
        ...notPerformed,
      ]);
      await stack.destroy();
    });
    assert.equal(left(), 0);
    assert.equal(emulator().sessions().webCli.opened, 100);
  });

  it("an up stopped by SIGINT: the destroy ends what it had opened", async () => {
    await withSessions(emulator(), 40, async (stack) => {
      emulator().fault({ on: "webcli.auth", times: 40, do: { delayMs: 100 } });
      const stop = new AbortController();
      const up = assert.rejects(stack.up({ signal: stop.signal }));
      await until(() => left() >= 10);
      stop.abort();
      await up;
      emulator().clearFaults();
      assert.ok(left() >= 10);
      await stack.destroy();
    });
    assert.equal(left(), 0);
  });

  it("a destroy that fails half-way and is run again: none is left", async () => {
    await withSessions(emulator(), 20, async (stack) => {
      await stack.up();
      emulator().fault({ on: "webcli.logout", times: 5, do: { status: 403 } });
      await assert.rejects(stack.destroy());
      assert.ok(left() >= 5);
      emulator().clearFaults();
      await stack.destroy();
    });
    assert.equal(left(), 0);
  });

  it("kill -9 of engine and host in a login: that login's session is lost, and no other", async () => {
    await withSessions(emulator(), 1, async (stack) => {
      emulator().fault({ on: "webcli.auth", do: { delayMs: 500 } });
      await killed(stack.up(), () => calls(emulator()).includes("webcli.auth"));
      await until(() => left() === 1);
      await stack.cancel();
      await stack.up();
      assert.equal(left(), 2);
      await stack.destroy();
    });
    assert.equal(left(), 1);
  });

  it("kill -9 of engine and host in a logout: none is left after the next destroy", async () => {
    await withSessions(emulator(), 1, async (stack) => {
      await stack.up();
      emulator().fault({ on: "webcli.logout", do: { delayMs: 500 } });
      await killed(stack.destroy(), () => calls(emulator()).includes("webcli.logout"));
      await stack.cancel();
      await stack.destroy();
    });
    assert.equal(left(), 0);
  });
});

function withSessions(
  emulator: Emulator,
  count: number,
  use: (stack: Stack) => Promise<void>,
): Promise<void> {
  const { instanceId, redisPassword: password } = emulator;
  const program = async () => {
    for (let i = 0; i < count; i++) new WebCliSession(`s${i}`, { instanceId, password });
  };
  return withProgram(emulator, { program }, use);
}

/** Every tenth of the next 300 calls meets one of the faults, in turn. */
function strikeTenth(emulator: Emulator, on: FaultTarget, faults: FaultAction[]): void {
  for (let i = 0; i < 30; i++) {
    emulator.fault({ on, times: 9, do: { delayMs: 0 } });
    emulator.fault({ on, times: 1, do: faults[i % faults.length] ?? {} });
  }
}
