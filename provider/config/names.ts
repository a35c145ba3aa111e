import { assumeRoleArgs, PACKAGE, providerArgs } from "../definitions";

export type SettingName =
  | keyof typeof providerArgs
  | keyof typeof assumeRoleArgs
  | "idpId"
  | "idTokenFile"
  | "projectName"
  | "sharedConfigFile"
  | "profile";

/** What can be set, and under which name in one source; the first of several that is there counts. */
export type Names = Readonly<Partial<Record<SettingName, string | readonly string[]>>>;

/** An object in the stack's configuration is read by `SETTING.KEY`. */
function agencyIn(setting: string): Names {
  return Object.fromEntries(Object.keys(assumeRoleArgs).map((name) => [name, `${setting}.${name}`]));
}

export const OURS: Names = {
  ...Object.fromEntries(Object.keys(providerArgs).map((name) => [name, `${PACKAGE}:${name}`])),
  ...agencyIn(`${PACKAGE}:assumeRole`),
};

/**
 * What the bridged provider keeps. It refuses keys that it does not know, so none of ours is looked for here:
 * https://github.com/huaweicloud/pulumi-huaweicloud/blob/main/sdk/nodejs/config/vars.ts
 */
export const BRIDGE: Names = {
  authToken: "huaweicloud:token",
  accessKey: "huaweicloud:accessKey",
  secretKey: "huaweicloud:secretKey",
  securityToken: "huaweicloud:securityToken",
  ...agencyIn("huaweicloud:assumeRole"),
  assumeRole: "huaweicloud:assumeRole",
  sharedConfigFile: "huaweicloud:sharedConfigFile",
  profile: "huaweicloud:profile",
  projectId: "huaweicloud:projectId",
  projectName: "huaweicloud:projectName",
  region: "huaweicloud:region",
  dcsEndpoint: "huaweicloud:endpoints.dcs",
  iamEndpoint: ["huaweicloud:endpoints.iam", "huaweicloud:authUrl"],
};

const terraform = (prefix: "HW" | "OS"): Names => ({
  authToken: `${prefix}_AUTH_TOKEN`,
  accessKey: `${prefix}_ACCESS_KEY`,
  secretKey: `${prefix}_SECRET_KEY`,
  securityToken: `${prefix}_SECURITY_TOKEN`,
  projectId: `${prefix}_PROJECT_ID`,
  projectName: `${prefix}_PROJECT_NAME`,
  region: `${prefix}_REGION_NAME`,
});

/** In the order in which they are asked. */
export const ENVIRONMENT: readonly Names[] = [
  { accessKey: "CLOUD_SDK_AK", secretKey: "CLOUD_SDK_SK" },
  {
    accessKey: "HUAWEICLOUD_SDK_AK",
    secretKey: "HUAWEICLOUD_SDK_SK",
    securityToken: "HUAWEICLOUD_SDK_SECURITY_TOKEN",
    idpId: "HUAWEICLOUD_SDK_IDP_ID",
    idTokenFile: "HUAWEICLOUD_SDK_ID_TOKEN_FILE",
    projectId: "HUAWEICLOUD_SDK_PROJECT_ID",
    iamEndpoint: "HUAWEICLOUD_SDK_IAM_ENDPOINT",
  },
  {
    ...terraform("HW"),
    idpId: "HW_ASSUME_ROLE_IDP_ID",
    idTokenFile: "HW_ASSUME_ROLE_ID_TOKEN_FILE",
    agencyName: "HW_ASSUME_ROLE_AGENCY_NAME",
    domainName: "HW_ASSUME_ROLE_DOMAIN_NAME",
    domainId: "HW_ASSUME_ROLE_DOMAIN_ID",
    duration: "HW_ASSUME_ROLE_DURATION",
    sharedConfigFile: "HW_SHARED_CONFIG_FILE",
    profile: "HW_PROFILE",
    iamEndpoint: "HW_AUTH_URL",
  },
  // The second name is that of OpenStack's own client.
  { ...terraform("OS"), authToken: ["OS_AUTH_TOKEN", "OS_TOKEN"] },
];

/** Of the vendor's SDKs. */
export const PROFILE: Names = {
  accessKey: "ak",
  secretKey: "sk",
  securityToken: "security_token",
  idpId: "idp_id",
  idTokenFile: "id_token_file",
  projectId: "project_id",
  iamEndpoint: "iam_endpoint",
};

/** Of the vendor's command line. */
export const CLI_PROFILE: Names = {
  accessKey: "accessKeyId",
  secretKey: "secretAccessKey",
  securityToken: "securityToken",
  projectId: "projectId",
  region: "region",
  agencyName: "agencyName",
  domainName: "agencyDomainName",
  domainId: "agencyDomainId",
};
