import type { ContenderName } from "../worker/job";
import type { ActionName } from "./figures";

export const CONTENDERS: Record<ContenderName, string> = {
  a: "(a) this package",
  b: "(b) empty dynamic resource",
  c: "(c) axios in closures",
  d: "(d) curl in a command",
};

export const ACTION_WORDS: Record<ActionName, string> = { up: "up", again: "second up", destroy: "destroy" };

export const CLIENTS: Record<string, string> = {
  lifecycle: "this package",
  axios: "bare axios",
  undici: "bare undici",
};
