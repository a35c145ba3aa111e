import type { Place } from "../api/dcs";
import type { Settings } from "../config";
import { type Findings, idProblem, serverProblem, UNKNOWN } from "./findings";

const endpointProblem = serverProblem("https://dcs.REGION.myhuaweicloud.com");

/** Finds where a Web CLI is, from args, config and environment, and whether there are keys for it. */
export function findPlace(findings: Findings, settings: Settings): Place {
  const instanceId = findings.needed("instanceId", "write the id of the DCS instance", {
    problem: idProblem,
  });
  const projectId = findProjectId(findings, settings);
  const endpoint = findEndpoint(findings, settings);
  if (settings.keySets().next().done) {
    findings.refuse(
      "huaweicloud:accessKey",
      "is missing, or huaweicloud:secretKey is, and no other keys are whole: set both in the stack's config, " +
        "or HW_ACCESS_KEY and HW_SECRET_KEY in the environment",
      true,
    );
  }
  return { endpoint: endpoint ?? "", projectId: projectId ?? "", instanceId };
}

function findProjectId(findings: Findings, settings: Settings): string | undefined {
  const given = findings.text("projectId", { problem: idProblem });
  const projectId = given ?? settings.projectId();
  const problem =
    projectId === undefined
      ? "is missing: give the argument, or set huaweicloud:projectId or HW_PROJECT_ID"
      : given === undefined && idProblem(projectId);
  if (problem) findings.refuse("projectId", problem);
  return projectId;
}

/** `endpoint` beats `region`, and what the program says beats what is set around it. */
function findEndpoint(findings: Findings, settings: Settings): string | undefined {
  const given = findings.text("endpoint", { problem: endpointProblem });
  const givenRegion = findings.text("region", { problem: regionProblem });
  if (given) return withoutSlash(given);
  if (givenRegion) return endpointOf(givenRegion);
  return configuredEndpoint(findings, settings);
}

/** What is wrong with a setting names no property of the resource. */
function configuredEndpoint(findings: Findings, settings: Settings): string | undefined {
  const endpoint = settings.dcsEndpoint();
  if (endpoint) {
    const problem = endpointProblem(endpoint);
    if (problem) findings.refuse("huaweicloud:dcsEndpoint", problem, true);
    return withoutSlash(endpoint);
  }
  const region = settings.region();
  if (!region) {
    findings.refuse(
      "endpoint",
      "is missing: give endpoint or region, or set huaweicloud:region or HW_REGION_NAME",
    );
    return undefined;
  }
  const problem = regionProblem(region);
  if (problem) findings.refuse("huaweicloud:region (or HW_REGION_NAME)", problem, true);
  return endpointOf(region);
}

function regionProblem(region: string): string | undefined {
  return /^[a-z0-9-]+$/.test(region) ? undefined : "is no region: write it in lower case, like cn-north-4";
}

/** https://developer.huaweicloud.com/intl/en-us/endpoint and https://docs.otc.t-systems.com/regions-and-endpoints/ */
function endpointOf(region: string): string {
  if (region === UNKNOWN) return UNKNOWN;
  if (region === "eu-de" || region === "eu-nl") return `https://dcs.${region}.otc.t-systems.com`;
  return `https://dcs.${region}.myhuaweicloud.${region.startsWith("eu-west-1") ? "eu" : "com"}`;
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
