import {
  type Emulator,
  type EmulatorOptions,
  type FaultTarget,
  type RecordedRequest,
  startEmulator,
} from "../../emulator";

/** A fresh emulator for each test of the enclosing suite. */
export function useEmulator(options: EmulatorOptions = {}): () => Emulator {
  let running: Emulator | undefined;
  beforeEach(async () => {
    running = await startEmulator(options);
  });
  afterEach(() => running?.close());
  return () => {
    if (!running) throw new Error("the emulator runs within tests only");
    return running;
  };
}

/** The calls that the emulator got, by the names that its faults use. */
export function calls(emulator: Emulator): string[] {
  return emulator.requests().map(({ on }) => String(on));
}

/** What the emulator got of one call. */
export function requestsOn(emulator: Emulator, call: FaultTarget): RecordedRequest[] {
  return emulator.requests().filter(({ on }) => on === call);
}

/** The Redis commands that the emulator got. */
export function commandsOf(emulator: Emulator): string[] {
  return requestsOn(emulator, "webcli.command").map(({ body }) => JSON.parse(body).command);
}

/** How many requests had keys that the emulator refused. */
export function refusals(emulator: Emulator): number {
  return emulator.requests().filter(({ status }) => status === 401).length;
}
