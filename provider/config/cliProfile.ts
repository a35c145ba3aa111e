import { RequestError } from "../api/errors";
import { fieldsOf, objectIn } from "../api/http/answers";
import { type FileContent, inHome, readTextFile } from "./files";

const FILE = "the file that HW_SHARED_CONFIG_FILE names";
const DECRYPT =
  "Run `hcloud configure set --cli-auth-encrypt=false`, or set HW_ACCESS_KEY and HW_SECRET_KEY.";

/**
 * One profile of the vendor's command line, read only where the environment names its file, as the vendor's Terraform
 * provider does: https://support.huaweicloud.com/intl/en-us/usermanual-hcli/hcli_03_002.html
 */
export function readCliProfile(environment: NodeJS.ProcessEnv): Record<string, string> {
  const { HW_SHARED_CONFIG_FILE: named, HW_PROFILE: wanted } = environment;
  if (!named) return {};
  const content = readNamed(named, environment);
  if ("problem" in content) throw unusable(content.problem);
  const { authEncrypt, current, profiles } = objectIn(content.text);
  if (String(authEncrypt) === "true") throw unusable("holds encrypted keys", DECRYPT);
  if (!Array.isArray(profiles)) throw unusable("is not a configuration of the vendor's command line");
  const name = wanted || current;
  const profile = profiles.map(fieldsOf).find((candidate) => candidate.name === name);
  if (!profile) {
    const which = wanted ? "the profile that HW_PROFILE names" : "its current profile";
    throw unusable(`does not hold ${which}`, "Correct it, or set HW_PROFILE.");
  }
  return textsIn({ ...profile, ...keysIn(profile), ...agencyIn(profile) });
}

function readNamed(path: string, environment: NodeJS.ProcessEnv): FileContent {
  if (!path.startsWith("~/")) return readTextFile(path);
  const inside = inHome(environment, path.slice(2));
  return inside === undefined ? { problem: "does not exist", isAbsent: true } : readTextFile(inside);
}

/** After a single sign-on, the keys are temporary ones in a place of their own. */
function keysIn({ accessKeyId, ssoAuth }: Record<string, unknown>) {
  if (accessKeyId) return {};
  const { accessKeyId: id, secretAccessKey, securityToken } = fieldsOf(fieldsOf(ssoAuth).stsToken);
  return { accessKeyId: id, secretAccessKey, securityToken };
}

/** What else there is of an agency means nothing without its name. */
function agencyIn({ agencyName }: Record<string, unknown>) {
  return agencyName ? {} : { agencyDomainName: "", agencyDomainId: "" };
}

function textsIn(fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function unusable(
  problem: string,
  advice = "Correct it, or set HW_ACCESS_KEY and HW_SECRET_KEY.",
): RequestError {
  return new RequestError({ reason: `${FILE} ${problem}`, advice, retry: "never" });
}
