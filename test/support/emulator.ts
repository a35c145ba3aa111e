import {
  type Emulator,
  type EmulatorOptions,
  type FaultTarget,
  type RecordedRequest,
  startEmulator,
} from "../../emulator";

/** The emulator of the test that runs. */
export interface UsedEmulator {
  (): Emulator;
  /** Starts another one in its place. */
  start(options: EmulatorOptions): Promise<Emulator>;
}

/** A fresh emulator for each test of the enclosing suite. */
export function useEmulator(options: EmulatorOptions = {}): UsedEmulator {
  let running: Emulator | undefined;
  const start = async (other: EmulatorOptions) => {
    await running?.close();
    running = await startEmulator(other);
    return running;
  };
  beforeEach(() => start(options));
  afterEach(() => running?.close());
  const current = () => {
    if (!running) throw new Error("the emulator runs within tests only");
    return running;
  };
  return Object.assign(current, { start });
}

/** An emulator with a clock that tests move. */
export interface ClockedEmulator extends UsedEmulator {
  /** The emulator's time, in milliseconds since the epoch; it passes only when a test says so. */
  now: number;
}

/** The same, with a clock that stands still. */
export function useClockedEmulator(): ClockedEmulator {
  const clock = () => clocked.now;
  beforeEach(() => {
    clocked.now = Date.now();
  });
  const emulator = useEmulator({ clock });
  const start = (options: EmulatorOptions) => emulator.start({ clock, ...options });
  const clocked = Object.assign(() => emulator(), { now: 0, start });
  return clocked;
}

/** How many Web CLI and CAS sessions are open. */
export function openSessions(emulator: Emulator): [number, number] {
  const { webCli, cas } = emulator.sessions();
  return [webCli.open.length, cas.open.length];
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
