import type { DcsInstance } from "../api/dcs/webCli";
import type { Deadline } from "../api/deadline";
import { RequestError } from "../api/errors";
import { withoutTrailingSlash } from "../api/http/serverUrl";
import { endpointOf, regionOf } from "../config/endpoints";
import type { Settings } from "../config/settings";
import type { Definition } from "../definitions";
import { UNKNOWN } from "../engine";
import { rules } from "./rules";
import type { Validator } from "./validator";

interface Given {
  instanceId?: string;
  projectId?: string;
  region?: string;
  endpoint?: string;
}

/** What check gets from its caller beside the arguments. */
export interface CheckContext {
  settings: Settings;
  /** What check resolved with the last time; empty for a new resource and for a replacement. */
  olds: Readonly<Record<string, unknown>>;
  deadline: Deadline;
}

type InstanceValidator = Pick<Validator<Definition["args"]>, "addFailure" | "failures"> & { values: Given };

const SET_PROJECT_ID = "pass it, or set `huaweicloud-sessions:projectId` or HW_PROJECT_ID";

/** Where the Web CLI is, from arguments, configuration, and environment; and whether there are credentials. */
export async function checkDcsInstance(
  validator: InstanceValidator,
  context: CheckContext,
): Promise<DcsInstance> {
  const { instanceId = "" } = validator.values;
  const endpoint = checkEndpoint(validator, context.settings);
  const projectId =
    checkProjectId(validator, context.settings) ?? knownProjectId(endpoint, instanceId, context);
  const isRight = validator.failures.length === 0;
  if (isRight && endpoint === UNKNOWN) return { endpoint, projectId: projectId ?? UNKNOWN, instanceId };
  // What is certainly missing is told as well, although it is not certain where: who has it all need not come back.
  const missing = await context.settings.missing(isRight ? endpoint : undefined, context.deadline);
  if (missing) validator.addFailure(missing.name, missing.problem, true);
  const canLookUp = isRight && !missing && projectId === undefined;
  const found = canLookUp ? await findProjectId(validator, endpoint, context) : projectId;
  return { endpoint, projectId: found ?? "", instanceId };
}

function checkProjectId(validator: InstanceValidator, settings: Settings): string | undefined {
  const given = validator.values.projectId;
  if (given !== undefined) {
    settings.discovery.noteOrigin(given, "set by the argument `projectId`");
    return given;
  }
  const configured = settings.first("projectId");
  if (configured === undefined) return undefined;
  const { name, value, kind } = configured;
  const problem = rules.id(value);
  if (problem) validator.addFailure(name, problem, true);
  settings.discovery.noteOrigin(value, `set by \`${name}\` in the ${kind}`);
  return value;
}

/** The project in state, so that an instance that is there already needs no look-up. */
function knownProjectId(
  endpoint: string,
  instanceId: string,
  { olds, settings: { discovery } }: CheckContext,
) {
  const { projectId } = olds;
  if (olds.endpoint === endpoint && olds.instanceId === instanceId && typeof projectId === "string") {
    discovery.keepProjectId(endpoint, instanceId, projectId);
  }
  return discovery.keptProjectId(endpoint, instanceId);
}

/** The project that has the name that is set, or the one that a region comes with. */
async function findProjectId(
  validator: InstanceValidator,
  endpoint: string,
  { settings, deadline }: CheckContext,
): Promise<string> {
  const region = validator.values.region ?? regionOf(endpoint) ?? settings.first("region")?.value;
  // The project that a region comes with is named like it.
  const name = settings.first("projectName")?.value ?? region;
  if (name === UNKNOWN) return UNKNOWN;
  if (name === undefined) {
    const problem = `is required, because without a region it can't be looked up; ${SET_PROJECT_ID}, or set a region`;
    validator.addFailure("projectId", problem);
    return "";
  }
  try {
    const [projectId, ...more] = await settings.findProjects(name, endpoint, deadline);
    if (projectId !== undefined && more.length === 0) {
      settings.discovery.noteOrigin(projectId, `found by the name ${name}`);
      return projectId;
    }
    const found = projectId === undefined ? "no project is" : `${more.length + 1} projects are`;
    const ids = projectId === undefined ? "" : ` (${[projectId, ...more].slice(0, 10).join(", ")})`;
    validator.addFailure("projectId", `is required, because ${found} named ${name}${ids}; ${SET_PROJECT_ID}`);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { reason, advice } = error.failure;
    const problem = `could not be looked up: ${reason}. ${advice.replace(/\.$/, "")}. Otherwise, ${SET_PROJECT_ID}`;
    validator.addFailure("projectId", problem);
  }
  return "";
}

/** `endpoint` beats `region`, and what the program passes beats what is set around it. */
function checkEndpoint(validator: InstanceValidator, settings: Settings): string {
  const { endpoint, region } = validator.values;
  if (endpoint !== undefined) return withoutTrailingSlash(endpoint);
  if (region === UNKNOWN) return UNKNOWN;
  if (region !== undefined) return endpointOf("dcs", region) ?? addUnknownRegion(validator, "region");
  const configured = settings.dcsEndpoint();
  if (configured) {
    const problem = rules.dcsEndpoint(configured.value);
    if (problem) validator.addFailure(configured.name, problem, true);
    return withoutTrailingSlash(configured.value);
  }
  const found = settings.first("region");
  if (!found) {
    const problem =
      "is required unless you pass `endpoint`; pass it, or set `huaweicloud-sessions:region`, HW_REGION_NAME, " +
      "or `huaweicloud-sessions:dcsEndpoint`";
    validator.addFailure("region", problem);
    return "";
  }
  const problem = rules.region(found.value);
  if (problem) validator.addFailure(found.name, problem, true);
  return endpointOf("dcs", found.value) ?? addUnknownRegion(validator, found.name);
}

function addUnknownRegion(validator: InstanceValidator, name: string): string {
  const problem =
    "must be a region that this package knows, because its endpoints follow from it; for another one, set " +
    "`huaweicloud-sessions:dcsEndpoint` and `huaweicloud-sessions:iamEndpoint`";
  validator.addFailure(name, problem);
  return "";
}
