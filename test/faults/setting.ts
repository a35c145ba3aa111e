import type { CasFlavor, EmulatorOptions } from "../../emulator";

const KINDS = ["WebCliSession", "CasSession", "WebCliCommand in a session", "WebCliCommand"] as const;
export type Kind = (typeof KINDS)[number];

/** What a life is lived in: a program, and how the services behave. */
export interface Setting {
  kind: Kind;
  /** How many such resources the program has. They work at the same time. */
  units: number;
  /** The resources take turns with the projects. */
  projects: 1 | 2;
  /** What the client has to be let in with; a token is good for the first project only. */
  access: "keys" | "wrong keys" | "token";
  reopenWhenExpired: boolean;
  /** Sessions are renewed while time passes. */
  renews: boolean;
  service: "none" | "registered" | "unregistered";
  /** Of what the emulator can do. */
  behavior: Behavior;
}

export interface Behavior
  extends Pick<
    EmulatorOptions,
    "casCookieName" | "casCookieRotates" | "casNodes" | "confirmLogout" | "errorCodes" | "goneLogout"
  > {
  casFlavor: CasFlavor;
}

/** Whether the server shows the same to a live session and to a dead one. */
export function isBlind({ kind, service, behavior }: Setting): boolean {
  if (kind !== "CasSession") return false;
  return service === "unregistered" || (service === "none" && behavior.casFlavor === "jasig");
}
