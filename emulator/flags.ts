import { parseArgs } from "node:util";
import { BadOption, type EmulatorOptions } from "./options";

export const usage =
  "Usage: huaweicloud-sessions-emulator [--port N] [--tls] [--cas-flavor mrs|apereo] [--idle-seconds N] [--redis redis://HOST:PORT] [--help]";

function toNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  if (!/^\d+(\.\d+)?$/.test(text)) {
    throw new BadOption(`--${name} must be a number, not "${text}".`);
  }
  return Number(text);
}

function toFlavor(text: string | undefined): EmulatorOptions["casFlavor"] {
  if (text === undefined || text === "mrs" || text === "apereo") {
    return text;
  }
  throw new BadOption(`--cas-flavor must be mrs or apereo, not "${text}".`);
}

/**
 * Reads the command line.
 *
 * @throws an error of `parseArgs`, or {@link BadOption}, for a flag that makes no sense
 */
export function parseFlags(args: string[]): EmulatorOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      tls: { type: "boolean" },
      "cas-flavor": { type: "string" },
      "idle-seconds": { type: "string" },
      redis: { type: "string" },
    },
  });
  return {
    port: toNumber("port", values.port),
    tls: values.tls,
    casFlavor: toFlavor(values["cas-flavor"]),
    idleSeconds: toNumber("idle-seconds", values["idle-seconds"]),
    redis: values.redis,
  };
}
