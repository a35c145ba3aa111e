/** Generations of CAS; see `EmulatorOptions.casFlavor`. */
export const casFlavors = ["mrs", "jasig", "apereo"] as const;
export type CasFlavor = (typeof casFlavors)[number];

/** What can stand between a user and a session beside the password. */
export const casLoginPages = [
  "none",
  "captcha",
  "password-expires",
  "usage-policy",
  "consent",
  "second-factor",
  "second-factor-down",
  "change-password",
  "account-locked",
  "address-locked",
  "throttled",
  "throttled-403",
] as const;
export type CasLoginPage = (typeof casLoginPages)[number];

/** How CAS treats services; see `EmulatorOptions.casService`. */
export const casServices = ["sso", "no-sso", "denied", "unregistered", "required"] as const;
export type CasService = (typeof casServices)[number];
