/** The code of a region, such as eu-de or cn-north-4. */
export const REGION = /^[a-z]{2}-[a-z]+\d?(-[a-z]+)*(-\d+[a-z]?)?$/;

/**
 * The regions that the vendor's SDK for Node.js knows for DCS, which refuses any other as well:
 * https://github.com/huaweicloud/huaweicloud-sdk-nodejs-v3/blob/master/services/dcs/v2/DcsRegion.ts
 */
const HUAWEI_CLOUD = new Set(
  (
    "ae-ad-1 af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 cn-east-2 " +
    "cn-east-3 cn-east-4 cn-east-5 cn-north-1 cn-north-2 cn-north-4 cn-north-9 cn-north-12 cn-south-1 cn-south-2 " +
    "cn-southwest-2 eu-west-0 eu-west-101 la-north-2 la-south-2 me-east-1 my-kualalumpur-1 na-mexico-1 ru-moscow-1 " +
    "ru-northwest-2 sa-brazil-1 tr-west-1"
  ).split(" "),
);

/** https://docs.otc.t-systems.com/regions-and-endpoints/ */
const OPEN_TELEKOM_CLOUD = new Set(["eu-de", "eu-nl"]);

/** The endpoint of a service; undefined for a region of which nobody knows whose it is. */
export function endpointOf(service: "dcs" | "iam", region: string): string | undefined {
  const isKnown =
    HUAWEI_CLOUD.has(region) || OPEN_TELEKOM_CLOUD.has(region) || region.startsWith("eu-west-1");
  return isKnown ? vendorEndpoint(service, region) : undefined;
}

/** https://developer.huaweicloud.com/intl/en-us/endpoint */
function vendorEndpoint(service: "dcs" | "iam", region: string): string {
  if (OPEN_TELEKOM_CLOUD.has(region)) return `https://${service}.${region}.otc.t-systems.com`;
  return `https://${service}.${region}.myhuaweicloud.${region.startsWith("eu-west-1") ? "eu" : "com"}`;
}

const VENDOR_ENDPOINT = /^https:\/\/dcs\.([a-z0-9-]+)\.(?:myhuaweicloud\.(?:com|eu)|otc\.t-systems\.com)$/;

/** The region whose DCS endpoint this is. */
export function regionOf(dcsEndpoint: string): string | undefined {
  const [, region] = VENDOR_ENDPOINT.exec(dcsEndpoint) ?? [];
  return region !== undefined && vendorEndpoint("dcs", region) === dcsEndpoint ? region : undefined;
}

/** The IAM beside a DCS of the vendor's; nothing tells where that of another one is. */
export function iamBeside(dcsEndpoint: string): string | undefined {
  const region = regionOf(dcsEndpoint);
  return region === undefined ? undefined : vendorEndpoint("iam", region);
}

export function isVendorEndpoint(dcsEndpoint: string): boolean {
  return VENDOR_ENDPOINT.test(dcsEndpoint);
}

/** The vendor's tools add a missing scheme, too. */
export function withScheme(url: string): string {
  return /^[a-z]+:\/\//i.test(url) ? url : `https://${url}`;
}
