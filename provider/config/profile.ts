import { RequestError } from "../api/errors";
import { inHome, readTextFile } from "./files";

/**
 * The `[basic]` section of the profile file of the vendor's SDKs. As in those for Python, Java and .NET, a value
 * is the rest of its line, so a secret key may hold `;` and `#`; as in that for Go, it may stand in quotes:
 * https://github.com/huaweicloud/huaweicloud-sdk-python-v3/blob/master/huaweicloud-sdk-core/huaweicloudsdkcore/auth/provider.py
 */
export function readProfile(environment: NodeJS.ProcessEnv): Record<string, string> {
  const named = environment.HUAWEICLOUD_SDK_CREDENTIALS_FILE;
  const path = named || inHome(environment, ".huaweicloud", "credentials");
  if (path === undefined) return {};
  const content = readTextFile(path);
  if ("text" in content) return sectionIn(content.text, "basic");
  if (!named && content.isAbsent) return {};
  const file = named ? "that HUAWEICLOUD_SDK_CREDENTIALS_FILE names" : "~/.huaweicloud/credentials";
  throw new RequestError({
    reason: `the profile file ${file} ${content.problem}`,
    advice: "Correct it, or set HW_ACCESS_KEY and HW_SECRET_KEY.",
    retry: "never",
  });
}

function sectionIn(text: string, wanted: string): Record<string, string> {
  const entries: Record<string, string> = {};
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    const at = trimmed.search(/[=:]/);
    if (trimmed.startsWith("[") && trimmed.endsWith("]")) section = trimmed.slice(1, -1).trim();
    else if (section === wanted && !/^[#;]/.test(trimmed) && at > 0) {
      entries[trimmed.slice(0, at).trim()] = withoutQuotes(trimmed.slice(at + 1).trim());
    }
  }
  return entries;
}

function withoutQuotes(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}
