import type { SessionCounts } from "./expiringStore";
import { BadFault, type Faults } from "./faults";
import type { RecordedRequest } from "./history";
import { type Call, hasMediaType, header, json, jsonObject, type Reply } from "./http";
import { overview, overviewPage } from "./overview";
import type { Route } from "./router";

/** What the control API works on. */
export interface Controlled {
  readonly faults: Faults;
  sessions(): SessionCounts;
  requests(): RecordedRequest[];
  /** Takes a CAS node out of service; false if it is the last one. */
  drainCasNode(): boolean;
  restoreCasNodes(): void;
}

const done: Reply = { status: 204 };

/** The emulator's own API, beside those that it emulates. */
export function controlRoutes(emulator: Controlled): Route[] {
  const route = (method: Route["method"], path: string, handle: Route["handle"]): Route => ({
    method,
    path,
    on: "control",
    refuse: refusal,
    handle,
  });
  const looking = { looksOn: true } as const;
  return [
    { ...route("GET", "/", overviewPage), ...looking },
    {
      ...route("GET", "/emulator/overview", () => overview(emulator.sessions(), emulator.requests())),
      ...looking,
    },
    route("GET", "/emulator/sessions", () => json(200, emulator.sessions())),
    route("POST", "/emulator/faults", (call) => addFault(emulator.faults, call)),
    route("DELETE", "/emulator/faults", () => {
      emulator.faults.clear();
      return done;
    }),
    route("POST", "/emulator/drained-cas-nodes", () =>
      emulator.drainCasNode() ? done : json(409, { error: "The last CAS node stays in service." }),
    ),
    route("DELETE", "/emulator/drained-cas-nodes", () => {
      emulator.restoreCasNodes();
      return done;
    }),
  ];
}

/** Keeps out pages of other origins: a browser names theirs, and asks before it sends JSON across origins. */
function refusal(call: Pick<Call, "method" | "headers">): Reply | undefined {
  const { origin } = call.headers;
  const own = [`http://${header(call, "host")}`, `https://${header(call, "host")}`];
  if (origin !== undefined && !own.includes(origin)) {
    return json(403, { error: "The control API can't be called from a web page of another origin." });
  }
  if (call.method === "POST" && !hasMediaType(call, "application/json")) {
    return json(415, { error: "Send the header Content-Type: application/json." });
  }
  return undefined;
}

function addFault(faults: Faults, call: Call): Reply {
  try {
    faults.add(jsonObject(call.body));
    return done;
  } catch (error) {
    if (error instanceof BadFault) return json(400, { error: error.message });
    throw error;
  }
}
