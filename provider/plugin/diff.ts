import type { dynamic } from "@pulumi/pulumi";
import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { Definition } from "../definitions";
import { changedNames } from "../lifecycle/properties";
import type { Properties } from "./properties";

const { Kind } = PropertyDiff;

/** Tells the engine what changes, and property by property why. */
export function diffResponse(
  result: dynamic.DiffResult,
  args: Definition["args"],
  oldInputs: Properties,
  news: Properties,
): DiffResponse {
  const { changes, replaces = [], deleteBeforeReplace = false } = result;
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  const response = new DiffResponse()
    .setChanges(changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace);
  if (!changes) return response;

  const changed = changedNames(Object.keys(args), oldInputs, news);
  const details = response.getDetaileddiffMap();
  for (const name of changed) {
    const kind = kindOf(oldInputs[name], news[name], replaces.includes(name));
    details.set(name, new PropertyDiff().setKind(kind).setInputdiff(true));
  }
  // Not the program changed these, but the session has ended.
  for (const name of replaces.filter((replaced) => !changed.includes(replaced))) {
    details.set(name, new PropertyDiff().setKind(Kind.UPDATE_REPLACE));
  }
  return response.setHasdetaileddiff(details.getLength() > 0);
}

function kindOf(before: unknown, after: unknown, replaces: boolean): PropertyDiff.Kind {
  if (before === undefined) return replaces ? Kind.ADD_REPLACE : Kind.ADD;
  if (after === undefined) return replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}
