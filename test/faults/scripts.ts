import type { EmulatorOptions } from "../../emulator";
import { SERVICE } from "../support/lifecycles";
import type { Kind } from "./program";

export type Operation =
  | "create"
  | "diff"
  | "expire"
  | "reopen"
  | "read"
  | "replace"
  | "pass time"
  | "set clock forward"
  | "set clock back"
  | "delete";

/** What is lived: a kind of resource, how the services behave, and the operations of a life. */
export interface Script {
  kind: Kind;
  name: string;
  behavior?: Pick<EmulatorOptions, "casCookieName" | "casFlavor" | "confirmLogout" | "goneLogout">;
  service?: string;
  /** Sessions are renewed while time passes. */
  renews?: boolean;
  /** What the client has to be let in with; a token is good for the first project only. */
  access?: "keys" | "wrong keys" | "token";
  /** How many resources the program has. */
  units?: number;
  projects?: 1 | 2;
  operations: readonly Operation[];
}

const SESSION: readonly Operation[] = ["create", "diff", "read", "replace", "delete"];
const RENEWED: readonly Operation[] = ["create", "pass time", "diff", "pass time", "delete", "pass time"];
const EXPIRING: readonly Operation[] = ["create", "expire", "reopen", "expire", "delete"];

const CLOCKED: readonly Operation[] = ["set clock forward", "create", "diff", "set clock back", "delete"];

export const SCRIPTS: readonly Script[] = [
  { kind: "WebCliSession", name: "that is renewed", renews: true, operations: RENEWED },
  { kind: "CasSession", name: "that is renewed", service: SERVICE, renews: true, operations: RENEWED },
  {
    kind: "WebCliCommand in a session",
    name: "that is renewed",
    renews: true,
    operations: ["create", "pass time", "replace", "delete", "pass time"],
  },
  {
    kind: "WebCliSession",
    name: "of five resources, with wrong keys",
    access: "wrong keys",
    units: 5,
    operations: ["create"],
  },
  {
    kind: "WebCliSession",
    name: "in two projects, with a token of the first",
    access: "token",
    units: 2,
    projects: 2,
    operations: ["create", "diff", "delete"],
  },
  { kind: "WebCliSession", name: "on a machine whose clock is set", operations: CLOCKED },
  { kind: "CasSession", name: "on a machine whose clock is set", service: SERVICE, operations: CLOCKED },
  {
    kind: "CasSession",
    name: "whose cookie has another name",
    behavior: { casCookieName: "MYCAS" },
    operations: ["create", "delete"],
  },
  { kind: "WebCliSession", name: "", operations: SESSION },
  { kind: "WebCliSession", name: "that expires", behavior: { goneLogout: 204 }, operations: EXPIRING },
  { kind: "CasSession", name: "with a service", service: SERVICE, operations: SESSION },
  { kind: "CasSession", name: "without a service", behavior: { casFlavor: "apereo" }, operations: SESSION },
  { kind: "CasSession", name: "that expires", service: SERVICE, operations: EXPIRING },
  {
    kind: "CasSession",
    name: "whose logout is confirmed",
    behavior: { casFlavor: "apereo", confirmLogout: true },
    operations: ["create", "delete"],
  },
  {
    kind: "CasSession",
    name: "that no probe can tell",
    behavior: { casFlavor: "jasig" },
    operations: ["create", "read", "delete"],
  },
  { kind: "WebCliCommand in a session", name: "", operations: ["create", "replace", "delete"] },
  { kind: "WebCliCommand in a session", name: "that expires", operations: ["create", "expire", "delete"] },
  { kind: "WebCliCommand", name: "", operations: ["create", "replace", "delete"] },
];
