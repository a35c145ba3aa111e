import { makeCertificate } from "./certificate";
import type { Emulator } from "./emulator";
import { type EmulatorOptions, resolveOptions } from "./options";
import { RunningEmulator } from "./running";

/**
 * Starts both services in one server on 127.0.0.1.
 *
 * @throws {BadOption} for an option that makes no sense
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = resolveOptions(options);
  const certificate = settings.tls ? await makeCertificate() : undefined;
  return new RunningEmulator(settings, certificate).start(settings.port);
}
