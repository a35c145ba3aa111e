import type { Behavior, Kind, Setting } from "./setting";

export type Operation =
  | "create"
  | "diff"
  | "begin process"
  | "expire"
  | "find foreign keys"
  | "drain"
  | "reopen"
  | "read"
  | "replace"
  | "pass time"
  | "set clock forward"
  | "set clock back"
  | "delete";

/** A life in memory: its setting, and its operations. */
export interface Script extends Setting {
  name: string;
  operations: readonly Operation[];
}

const SESSION: readonly Operation[] = ["create", "diff", "read", "replace", "delete"];
const RENEWED: readonly Operation[] = ["create", "pass time", "diff", "pass time", "delete", "pass time"];
const EXPIRING: readonly Operation[] = ["create", "expire", "reopen", "expire", "delete"];
const CLOCKED: readonly Operation[] = ["set clock forward", "create", "diff", "set clock back", "delete"];

function script(
  kind: Kind,
  name: string,
  operations: readonly Operation[],
  { behavior, ...setting }: Partial<Omit<Setting, "behavior">> & { behavior?: Partial<Behavior> } = {},
): Script {
  return {
    ...{ kind, name, operations },
    ...{ units: 1, projects: 1, access: "keys", reopenWhenExpired: true, renews: false },
    service: "registered",
    ...setting,
    behavior: { casFlavor: "mrs", ...behavior },
  };
}

export const SCRIPTS: readonly Script[] = [
  script("WebCliSession", "that is renewed", RENEWED, { renews: true }),
  script("CasSession", "that is renewed", RENEWED, { renews: true }),
  script(
    "WebCliCommand in a session",
    "that is renewed",
    ["create", "pass time", "replace", "delete", "pass time"],
    { renews: true },
  ),
  script("WebCliSession", "of five resources, with wrong keys", ["set clock forward", "create"], {
    access: "wrong keys",
    units: 5,
  }),
  script("WebCliSession", "in two projects, with a token of the first", ["create", "diff", "delete"], {
    access: "token",
    units: 2,
    projects: 2,
  }),
  script("WebCliSession", "with keys of another account", ["create", "find foreign keys", "delete"]),
  script("WebCliSession", "on a machine whose clock is set", CLOCKED),
  script("CasSession", "on a machine whose clock is set", CLOCKED),
  script("CasSession", "whose cookie has another name", ["create", "delete"], {
    service: "none",
    behavior: { casCookieName: "MYCAS" },
  }),
  script("CasSession", "whose cookie rotates", ["create", "diff", "begin process", "read", "delete"], {
    behavior: { casCookieRotates: true },
  }),
  script("CasSession", "on a node that is drained", ["create", "diff", "drain", "read"], {
    behavior: { casNodes: 2 },
  }),
  script("WebCliSession", "", SESSION),
  script("WebCliSession", "that expires", EXPIRING, { behavior: { goneLogout: 204 } }),
  script("CasSession", "with a service", SESSION),
  script("CasSession", "without a service", SESSION, {
    service: "none",
    behavior: { casFlavor: "apereo" },
  }),
  script("CasSession", "that expires", EXPIRING),
  script("CasSession", "whose logout is confirmed", ["create", "delete"], {
    service: "none",
    behavior: { casFlavor: "apereo", confirmLogout: true },
  }),
  script("CasSession", "that no probe can tell", ["create", "read", "delete"], {
    service: "none",
    behavior: { casFlavor: "jasig" },
  }),
  script("WebCliCommand in a session", "", ["create", "replace", "delete"]),
  script("WebCliCommand in a session", "that expires", ["create", "expire", "delete"]),
  script("WebCliCommand", "", ["create", "replace", "delete"]),
];
