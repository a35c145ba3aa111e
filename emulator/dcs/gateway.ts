import { type Call, json, Refusal, type Reply } from "../http";
import { Lockout } from "../lockout";
import {
  type Authorization,
  canonicalRequest,
  parseAuthorization,
  parseSdkDate,
  sameText,
  sign,
  stringToSign,
} from "./signature";

/** What the account's owner holds; keys can be rotated while the emulator runs. */
export interface Credentials {
  accessKey: string;
  secretKey: string;
  readonly securityToken: string | undefined;
  readonly authToken: string;
}

const maxSkewMs = 15 * 60 * 1000;
const lockMs = 5 * 60 * 1000;
// "More than 5 in a row": the sixth failure locks the key.
const failuresThatLock = 6;

/** An error in the API gateway's own format, which differs from the service's. */
export function gatewayError(status: number, code: string, message: string, requestId: string): Reply {
  return json(status, { error_msg: message, error_code: code, request_id: requestId });
}

/** The gateway knows APIs by method and path together, so a wrong method gets the same answer. */
export function noSuchApi(requestId: string): Reply {
  const message = "The API does not exist or has not been published in the environment";
  return gatewayError(404, "APIGW.0101", message, requestId);
}

/** The API gateway in front of DCS: it lets a request pass only with a good signature or token. */
export class Gateway {
  private readonly lockout: Lockout;

  constructor(
    private readonly credentials: Credentials,
    private readonly now: () => number,
  ) {
    this.lockout = new Lockout(failuresThatLock, lockMs, now);
  }

  /**
   * Tells how the request proved who sent it.
   *
   * @throws {Refusal} a 401 if it did not
   */
  authenticate(call: Call): "token" | "keys" {
    const header = call.headers.authorization;
    const token = call.headers["x-auth-token"];
    if (header !== undefined) {
      const authorization = parseAuthorization(header);
      if (!authorization) {
        throw this.refusal(call, "the Authorization header is malformed");
      }
      this.verifyKeys(call, authorization);
      return "keys";
    }
    if (typeof token !== "string" || token === "") {
      throw this.refusal(call, "x-auth-token not found");
    }
    if (!sameText(token, this.credentials.authToken)) {
      throw this.refusal(call, "decrypt token fail");
    }
    return "token";
  }

  private verifyKeys(call: Call, authorization: Authorization): void {
    const { accessKey } = authorization;
    if (this.lockout.isLocked(accessKey)) {
      throw this.refusal(call, "AK access failed to reach the limit,forbidden: the access key is locked");
    }
    const problem = this.problemWith(call, authorization);
    if (problem !== undefined) {
      this.lockout.failed(accessKey);
      throw this.refusal(call, problem);
    }
    this.lockout.succeeded(accessKey);
  }

  private problemWith(call: Call, authorization: Authorization): string | undefined {
    const { accessKey, signedHeaders, signature } = authorization;
    const date = String(call.headers["x-sdk-date"] ?? "");
    const time = parseSdkDate(date);
    if (time === undefined || !signedHeaders.some((name) => name.toLowerCase() === "x-sdk-date")) {
      return "x-sdk-date must be sent as yyyyMMddTHHmmssZ and be signed";
    }
    if (accessKey !== this.credentials.accessKey) {
      return `get secretKey failed,ak:${accessKey},err:ak not exist`;
    }
    if (Math.abs(this.now() - time) > maxSkewMs) {
      return `signature expired, x-sdk-date:${date}`;
    }
    const canonical = canonicalRequest(call, signedHeaders);
    if (!sameText(sign(this.credentials.secretKey, stringToSign(canonical, date)), signature)) {
      return `verify aksk signature fail,canonicalRequest:${canonical}`;
    }
    return this.problemWithSecurityToken(call);
  }

  private problemWithSecurityToken(call: Call): string | undefined {
    const { securityToken } = this.credentials;
    const sent = String(call.headers["x-security-token"] ?? "");
    return securityToken !== undefined && !sameText(sent, securityToken)
      ? "verify securityToken fail"
      : undefined;
  }

  private refusal(call: Call, problem: string): Refusal {
    const message = `Incorrect IAM authentication information: ${problem}`;
    return new Refusal(gatewayError(401, "APIGW.0301", message, call.requestId));
  }
}
