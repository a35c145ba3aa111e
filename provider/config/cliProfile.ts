import { RequestError } from "../api/errors";
import { fieldsOf, objectIn } from "../api/http/answers";
import { type FileContent, inHome, readTextFile, type Setting } from "./files";

const DEFAULT_FILE = "~/.hcloud/config.json";
const OTHER_KEYS = "or set HW_ACCESS_KEY and HW_SECRET_KEY.";

/** What says which file of the vendor's command line is read, and which of its profiles. */
export interface NamedProfile {
  file?: Setting;
  /** Without it, the current one. */
  profile?: Setting;
}

/**
 * One profile of the vendor's command line, read only where its file or a profile is named, as the vendor's Terraform
 * provider does: https://support.huaweicloud.com/intl/en-us/usermanual-hcli/hcli_03_002.html
 */
export function readCliProfile(named: NamedProfile, environment: NodeJS.ProcessEnv): Record<string, string> {
  const { file, profile: wanted } = named;
  if (!file && !wanted) return {};
  const unusable = problemsOf(named);
  const content = readNamed(file?.value ?? DEFAULT_FILE, environment);
  if ("problem" in content) throw unusable(content.problem);
  const { authEncrypt, current, profiles } = objectIn(content.text);
  if (String(authEncrypt) === "true") {
    throw unusable(
      "holds encrypted keys",
      `Run \`hcloud configure set --cli-auth-encrypt=false\`, ${OTHER_KEYS}`,
    );
  }
  if (!Array.isArray(profiles)) throw unusable("is not a configuration of the vendor's command line");
  const name = wanted?.value ?? current;
  const profile = profiles.map(fieldsOf).find((candidate) => candidate.name === name);
  if (!profile) {
    const which = wanted ? `the profile that ${wanted.name} names` : "its current profile";
    throw unusable(`does not hold ${which}`, "Correct it, or set HW_PROFILE.");
  }
  return settingsIn(profile, unusable);
}

type Unusable = ReturnType<typeof problemsOf>;

function problemsOf({ file, profile }: NamedProfile) {
  const which = file
    ? `the file that ${file.name} names`
    : `the file ${DEFAULT_FILE}, in which ${profile?.name} names a profile,`;
  return (problem: string, advice = `Correct it, ${OTHER_KEYS}`): RequestError =>
    new RequestError({ reason: `${which} ${problem}`, advice, retry: "never" });
}

function readNamed(path: string, environment: NodeJS.ProcessEnv): FileContent {
  if (!path.startsWith("~/")) return readTextFile(path);
  const inside = inHome(environment, path.slice(2));
  return inside === undefined ? { problem: "does not exist", isAbsent: true } : readTextFile(inside);
}

/** To go on without keys that a profile promises would silently use another account. */
function settingsIn(profile: Record<string, unknown>, unusable: Unusable): Record<string, string> {
  const { mode, agencyName } = profile;
  // After a single sign-on, the keys are temporary ones in a place of their own.
  const keys = mode === "SSO" ? fieldsOf(fieldsOf(profile.ssoAuth).stsToken) : profile;
  const { accessKeyId, secretAccessKey, securityToken } = keys;
  if (mode === "SSO" && !accessKeyId) {
    throw unusable("holds no keys of a single sign-on", `Run \`hcloud configure sso\`, ${OTHER_KEYS}`);
  }
  if (agencyName && !accessKeyId) {
    throw unusable(
      "holds no keys to assume its profile's agency with",
      "Name the profile that has the keys, and the agency by HW_ASSUME_ROLE_AGENCY_NAME and HW_ASSUME_ROLE_DOMAIN_NAME.",
    );
  }
  return textsIn({ ...profile, accessKeyId, secretAccessKey, securityToken, ...agencyIn(profile) });
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
