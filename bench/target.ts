import { createHash, createHmac } from "node:crypto";

/** The Web CLI that everybody logs in to. */
export interface Target {
  endpoint: string;
  projectId: string;
  instanceId: string;
  password: string;
}

export interface Keys {
  accessKey: string;
  secretKey: string;
}

export function webCliUrl({ endpoint, projectId, instanceId }: Target): string {
  return `${endpoint}/v2/${projectId}/instances/${instanceId}/webcli`;
}

/**
 * Signs a POST without a query, as users who call the API themselves would write it:
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
 */
export function sign(url: string, body: string, { accessKey, secretKey }: Keys): Record<string, string> {
  const { host, pathname } = new URL(url);
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const names = "host;x-sdk-date";
  const request = ["POST", `${pathname}/`, "", `host:${host}`, `x-sdk-date:${date}`, "", names, sha256(body)];
  const toSign = ["SDK-HMAC-SHA256", date, sha256(request.join("\n"))].join("\n");
  const signature = createHmac("sha256", secretKey).update(toSign).digest("hex");
  const authorization = `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=${names}, Signature=${signature}`;
  return { "Content-Type": "application/json", "X-Sdk-Date": date, Authorization: authorization };
}
