import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";

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
