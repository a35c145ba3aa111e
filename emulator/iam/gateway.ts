import { type Call, header, json, Refusal, type Reply } from "../http";
import { Lockout } from "../lockout";
import type { Account, Keys } from "./account";
import {
  type Authorization,
  canonicalRequest,
  parseAuthorization,
  parseSdkDate,
  sameText,
  sign,
  stringToSign,
} from "./signature";

const MAX_SKEW = 15 * 60 * 1000;
const LOCK = 5 * 60 * 1000;
/** "More than 5 in a row": the sixth failure locks the key. */
const FAILURES_THAT_LOCK = 6;

/** An error in the API gateway's own format, which differs from the services'. */
export function gatewayError(status: number, code: string, message: string, requestId: string): Reply {
  return json(status, { error_msg: message, error_code: code, request_id: requestId });
}

/** The gateway knows APIs by method and path together, so a wrong method gets the same answer. */
export function noSuchApi(requestId: string): Reply {
  const message = "The API does not exist or has not been published in the environment";
  return gatewayError(404, "APIGW.0101", message, requestId);
}

/** What a request proved who sent it by. */
export type Proof = "token" | "keys" | "foreign keys";

/** The API gateway in front of the services: it lets a request pass only with a good signature or token. */
export class Gateway {
  private readonly lockout: Lockout;

  constructor(
    private readonly account: Account,
    private readonly now: () => number,
  ) {
    this.lockout = new Lockout(FAILURES_THAT_LOCK, LOCK, now);
  }

  /**
   * Tells how the request proved who sent it.
   *
   * @throws {Refusal} a 401 if it did not
   */
  authenticate(call: Call): Proof {
    if (call.headers.authorization !== undefined) return this.verifySignature(call);
    const token = header(call, "x-auth-token");
    if (token === "") throw refusal(call, "x-auth-token not found");
    if (!this.account.isProjectToken(token)) throw refusal(call, "decrypt token fail");
    return "token";
  }

  /** @throws {Refusal} a 401 if the signature isn't good */
  verifySignature(call: Call): Exclude<Proof, "token"> {
    const authorization = parseAuthorization(header(call, "authorization"));
    if (!authorization) throw refusal(call, "the Authorization header is malformed");
    const { accessKey } = authorization;
    if (this.lockout.isLocked(accessKey)) {
      throw refusal(call, "AK access failed to reach the limit,forbidden: the access key is locked");
    }
    const problem = this.problemWith(call, authorization);
    if (problem !== undefined) {
      this.lockout.failed(accessKey);
      throw refusal(call, problem);
    }
    this.lockout.succeeded(accessKey);
    return this.account.findKeys(accessKey)?.foreign ? "foreign keys" : "keys";
  }

  private problemWith(
    call: Call,
    { accessKey, signedHeaders, signature }: Authorization,
  ): string | undefined {
    const date = header(call, "x-sdk-date");
    const time = parseSdkDate(date);
    if (time === undefined || !signedHeaders.some((name) => name.toLowerCase() === "x-sdk-date")) {
      return "x-sdk-date must be sent as yyyyMMddTHHmmssZ and be signed";
    }
    const keys = this.account.findKeys(accessKey);
    if (!keys) return `get secretKey failed,ak:${accessKey},err:ak not exist`;
    if (Math.abs(this.now() - time) > MAX_SKEW) return `signature expired, x-sdk-date:${date}`;
    const canonical = canonicalRequest(call, signedHeaders);
    if (!sameText(sign(keys.secretKey, stringToSign(canonical, date)), signature)) {
      return `verify aksk signature fail,canonicalRequest:${canonical}`;
    }
    return this.problemWithToken(call, keys);
  }

  private problemWithToken(call: Call, { securityToken, expiresAt }: Keys): string | undefined {
    if (securityToken === undefined) return undefined;
    if (!sameText(header(call, "x-security-token"), securityToken)) return "verify securityToken fail";
    if (expiresAt === undefined || this.now() < expiresAt) return undefined;
    return `securityToken expired, expires_at:${new Date(expiresAt).toISOString()}`;
  }
}

function refusal(call: Call, problem: string): Refusal {
  const message = `Incorrect IAM authentication information: ${problem}`;
  return new Refusal(gatewayError(401, "APIGW.0301", message, call.requestId));
}
