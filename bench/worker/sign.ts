import { createHash, createHmac } from "node:crypto";

export interface Keys {
  accessKey: string;
  secretKey: string;
}

/**
 * The least that the gateway takes as a signature of a POST without a query, as a user would write it:
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
 */
export function sign(url: string, body: string, keys: Keys): Record<string, string> {
  const { host, pathname } = new URL(url);
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const names = "host;x-sdk-date";
  const request = ["POST", `${pathname}/`, "", `host:${host}`, `x-sdk-date:${date}`, "", names, sha256(body)];
  const signature = createHmac("sha256", keys.secretKey)
    .update(["SDK-HMAC-SHA256", date, sha256(request.join("\n"))].join("\n"))
    .digest("hex");
  return {
    "Content-Type": "application/json",
    "X-Sdk-Date": date,
    Authorization: `SDK-HMAC-SHA256 Access=${keys.accessKey}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
