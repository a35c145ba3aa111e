import { findEngine } from "../../tools/engine";

/** Makes the engine once, where each of mocha's processes would make its own. A suite that needs it says what it lacks. */
export async function mochaGlobalSetup(): Promise<void> {
  await Promise.allSettled([findEngine(console.log)]);
}
