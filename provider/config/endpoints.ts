/** The code of a region, such as eu-de or cn-north-4. */
export const REGION = /^[a-z]{2}-[a-z]+\d?(-[a-z]+)*(-\d+[a-z]?)?$/;

/** The vendor's endpoints: https://developer.huaweicloud.com/intl/en-us/endpoint and https://docs.otc.t-systems.com/regions-and-endpoints/ */
export function endpointOf(service: "dcs" | "iam", region: string): string {
  if (region === "eu-de" || region === "eu-nl") return `https://${service}.${region}.otc.t-systems.com`;
  return `https://${service}.${region}.myhuaweicloud.${region.startsWith("eu-west-1") ? "eu" : "com"}`;
}

const VENDOR_ENDPOINT = /^https:\/\/dcs\.([a-z0-9-]+)\.(?:myhuaweicloud\.(?:com|eu)|otc\.t-systems\.com)$/;

/** The region whose DCS endpoint this is. */
export function regionOf(dcsEndpoint: string): string | undefined {
  const [, region] = VENDOR_ENDPOINT.exec(dcsEndpoint) ?? [];
  return region !== undefined && endpointOf("dcs", region) === dcsEndpoint ? region : undefined;
}

export function isVendorEndpoint(dcsEndpoint: string): boolean {
  return VENDOR_ENDPOINT.test(dcsEndpoint);
}

/** The vendor's tools add a missing scheme, too. */
export function withScheme(url: string): string {
  return /^[a-z]+:\/\//i.test(url) ? url : `https://${url}`;
}
