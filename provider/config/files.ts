import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { RequestError } from "../api/errors";

/** A value, and the name under which it was found. */
export interface Setting {
  name: string;
  value: string;
}

/**
 * The `[basic]` section of the profile file of the vendor's SDKs. As in those for Python, Java and .NET, a value
 * is the rest of its line, so a secret key may hold `;` and `#`; as in that for Go, it may stand in quotes:
 * https://github.com/huaweicloud/huaweicloud-sdk-python-v3/blob/master/huaweicloud-sdk-core/huaweicloudsdkcore/auth/provider.py
 */
export function readProfile(environment: NodeJS.ProcessEnv): Record<string, string> {
  const named = environment.HUAWEICLOUD_SDK_CREDENTIALS_FILE;
  const path = named || join(environment.HOME || homedir(), ".huaweicloud", "credentials");
  try {
    return sectionIn(readFileSync(path, "utf8"), "basic");
  } catch (error) {
    if (isAbsent(error) && !named) return {};
    const file = named ? "the profile file that HUAWEICLOUD_SDK_CREDENTIALS_FILE names" : DEFAULT_PROFILE;
    throw unusable(
      isAbsent(error) ? `${file} does not exist` : `${file} can't be read`,
      "Correct it, or set HW_ACCESS_KEY and HW_SECRET_KEY.",
    );
  }
}

const DEFAULT_PROFILE = "the profile file ~/.huaweicloud/credentials";

/** The ID token in a file, which its issuer may write anew at any time. `name` is the setting that names it. */
export function readIdToken({ name, value: path }: Setting): string {
  const advice = "Have your identity provider write an ID token to it, or unset it.";
  let token: string;
  try {
    token = readFileSync(path, "utf8").trim();
  } catch (error) {
    throw unusable(
      `the file that ${name} names ${isAbsent(error) ? "does not exist" : "can't be read"}`,
      advice,
    );
  }
  if (token === "") throw unusable(`the file that ${name} names is empty`, advice);
  return token;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function unusable(reason: string, advice: string): RequestError {
  return new RequestError({ reason, advice, retry: "never" });
}

function sectionIn(text: string, wanted: string): Record<string, string> {
  const entries: Record<string, string> = {};
  let section = "";
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
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
