import type { HttpResponse } from "../http/messages";
import type { Redactor } from "../http/redaction";
import type { AccessKey } from "./signature";

/** One way to authenticate with the API gateway: AK/SK, or an IAM token. */
export type Credentials = AccessKey | { authToken: string };

/** Credentials, and where they were found. */
export interface FoundCredentials {
  credentials: Credentials;
  /** Such as `environment HW_ACCESS_KEY`; never a value. */
  source: string;
}

/** An answer to a request with credentials, and what of it may be shown. */
export interface AuthenticatedResponse extends HttpResponse, Redactor {
  /**
   * Others were refused before these credentials, which may be another account's: what that account does not see may
   * be there all the same.
   */
  mayBeOfAnotherAccount?: boolean;
  /** What came of other credentials, as the end of the clause about this answer. */
  aside?: string;
}

export function valuesOf(credentials: Credentials): (string | undefined)[] {
  if ("authToken" in credentials) return [credentials.authToken];
  const { accessKey, secretKey, securityToken } = credentials;
  return [accessKey, secretKey, securityToken];
}

/** Whose they are: the access key, or the token. */
export function identityOf(credentials: Credentials): string {
  return "authToken" in credentials ? credentials.authToken : credentials.accessKey;
}

/** Whether a header can carry them. */
export function areHeaderSafe(credentials: Credentials): boolean {
  return valuesOf(credentials).every((value) => value === undefined || /^[\x21-\x7e]+$/.test(value));
}

export function isBearer(credentials: Credentials): boolean {
  return "authToken" in credentials || credentials.securityToken !== undefined;
}
