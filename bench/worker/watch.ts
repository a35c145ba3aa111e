import { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { getMonitor } from "@pulumi/pulumi/runtime";

export interface Watched {
  started: () => void;
  ended: (seconds: number, ok: boolean) => void;
}

/**
 * Times the engine's process that runs an action, from its spawn to its exit. What the Automation API does
 * around it (selecting the stack, reading outputs and history) is not what a user waits for.
 */
export function watchEngine(action: string, watched: Watched): void {
  subscribe("child_process", (message) => {
    const child =
      typeof message === "object" && message && "process" in message ? message.process : undefined;
    if (!(child instanceof ChildProcess)) return;
    const start = performance.now();
    child.once("spawn", () => {
      if (child.spawnargs[1] !== action) return;
      watched.started();
      child.once("exit", (code) => watched.ended((performance.now() - start) / 1000, code === 0));
    });
  });
}

/** Calls `first` when the program sends its first registration, that of the stack itself aside. */
export function watchRegistrations(first: () => void): void {
  const monitor = getMonitor();
  if (!monitor) throw new Error("the program runs without an engine");
  const register = monitor.registerResource;
  let seen = 0;
  const watching = (...args: unknown[]) => {
    if (++seen === 2) first();
    return Reflect.apply(register, monitor, args);
  };
  Object.defineProperty(monitor, "registerResource", { value: watching });
}
