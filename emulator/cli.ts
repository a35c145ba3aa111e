#!/usr/bin/env node
import { parseFlags, usage } from "./flags";
import { BadOption, type Emulator, startEmulator } from "./index";

/** The line that a script reads to find the emulator. It holds the credentials: they are this run's only. */
function describe(emulator: Emulator): string {
  const { url, dcsEndpoint, casUrl, projectId, instanceId, accessKey, secretKey } = emulator;
  const { redisPassword, username, password, caCertificate } = emulator;
  const access = { accessKey, secretKey, redisPassword, username, password, caCertificate };
  return JSON.stringify({ url, dcsEndpoint, casUrl, projectId, instanceId, ...access });
}

function hasCode(error: unknown): error is { code: string; message: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function explain(error: unknown): number {
  if (error instanceof BadOption || (hasCode(error) && error.code.startsWith("ERR_PARSE_ARGS"))) {
    process.stderr.write(`emulator: ${error.message}\n${usage}\n`);
    return 2;
  }
  process.stderr.write(`emulator: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}

async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const emulator = await startEmulator(parseFlags(process.argv.slice(2)));
  const stop = () => void emulator.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  process.stdout.write(`${describe(emulator)}\n`);
}

main().catch((error: unknown) => {
  process.exitCode = explain(error);
});
