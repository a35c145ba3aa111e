import { BadFault } from "./fault-parser";
import type { Faults } from "./fault-queue";
import { type Call, json, type Reply } from "./http";
import type { SessionCounts } from "./sessions";

/** What the control API works on. */
export interface Controls {
  readonly faults: Faults;
  sessions(): SessionCounts;
}

interface ControlRoute {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  handle(call: Call): Reply;
}

function addFault(faults: Faults, call: Call): Reply {
  try {
    faults.add(parse(call.body));
    return { status: 204 };
  } catch (error) {
    if (error instanceof BadFault) {
      return json(400, { error: error.message });
    }
    throw error;
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new BadFault("The body is not JSON.");
  }
}

/** The emulator's own API, next to those that it emulates. */
export function control({ faults, sessions }: Controls): ControlRoute[] {
  return [
    { method: "GET", path: "/emulator/sessions", handle: () => json(200, sessions()) },
    { method: "POST", path: "/emulator/faults", handle: (call) => addFault(faults, call) },
    {
      method: "DELETE",
      path: "/emulator/faults",
      handle: () => {
        faults.clear();
        return { status: 204 };
      },
    },
  ];
}
