#!/usr/bin/env node
import { flagOf, parseFlags, usage } from "./flags";
import { guide } from "./guide";
import { BadOption, startEmulator } from "./index";

async function main(): Promise<void> {
  const line = parseFlags(process.argv.slice(2));
  if (!line) {
    process.stdout.write(usage);
    return;
  }
  const emulator = await startEmulator(line.options);
  const stop = () => void emulator.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  process.stderr.write(`Emulator listening on ${emulator.url}. Press Ctrl-C to stop.\n`);
  if (!line.quiet) process.stderr.write(guide(emulator, line.options.securityToken));
  // The line that a script reads to find the emulator. It holds credentials, which are good for this run only.
  process.stdout.write(`${JSON.stringify(emulator)}\n`);
}

function hasCode(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function explain(error: unknown): void {
  const isUsage = error instanceof BadOption || (hasCode(error) && error.code.startsWith("ERR_PARSE_ARGS"));
  process.exitCode = isUsage ? 2 : 1;
  process.stderr.write(`emulator: ${messageOf(error)}\n`);
  if (isUsage) process.stderr.write("Run with --help to see all options.\n");
}

function messageOf(error: unknown): string {
  if (error instanceof BadOption) return `${flagOf(error.option)} ${error.problem}`;
  if (!hasCode(error)) return error instanceof Error ? error.message : String(error);
  if (error.code === "EADDRINUSE") return "The port is already in use. Choose another with --port.";
  if (error.code === "EACCES") return "The port needs more rights. Choose one above 1023 with --port.";
  return error.message;
}

main().catch(explain);
