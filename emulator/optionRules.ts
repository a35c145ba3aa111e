import { closest, distance } from "fastest-levenshtein";
import { casFlavors, casLoginPages, casServices } from "./cas/choices";
import type { EmulatorOptions } from "./options";

/** What an option takes. */
interface Rule<T> {
  /** How the command line gives it; options that are lists or functions have no flag. */
  flag?: "switch" | "number" | "text";
  /** Ends the sentence that begins with the option's name. */
  must: string;
  accepts(value: unknown): value is T;
}

const text: Rule<string> = {
  flag: "text",
  must: "must be a text.",
  accepts: (value) => typeof value === "string",
};
const onOff: Rule<boolean> = {
  flag: "switch",
  must: "must be true or false.",
  accepts: (value) => typeof value === "boolean",
};
const time: Rule<number> = {
  flag: "number",
  must: "must be a number of seconds greater than 0.",
  accepts: (value): value is number => Number.isFinite(value) && Number(value) > 0,
};

function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): Rule<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
  return {
    flag: "number",
    must: `must be a whole number, ${range}.`,
    accepts: (value): value is number =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

function like(pattern: RegExp, must: string): Rule<string> {
  return {
    flag: "text",
    must,
    accepts: (value): value is string => typeof value === "string" && pattern.test(value),
  };
}

function oneOf<T extends string | number>(...choices: readonly T[]): Rule<T> {
  const flag = choices.every((choice) => typeof choice === "number") ? "number" : "text";
  const accepts = (value: unknown): value is T => choices.some((choice) => choice === value);
  return { flag, must: `must be one of ${choices.join(", ")}.`, accepts };
}

function anyOrListOf(what: string): Rule<"any" | string[]> {
  return {
    must: `must be "any" or a list of ${what}.`,
    accepts: (value): value is "any" | string[] =>
      value === "any" || (Array.isArray(value) && value.every((item) => typeof item === "string")),
  };
}

export const optionRules: {
  readonly [Name in keyof EmulatorOptions]-?: Rule<NonNullable<EmulatorOptions[Name]>>;
} = {
  port: wholeNumber(0, 65_535),
  tls: onOff,
  tlsNames: oneOf("both", "ip", "name"),
  tlsChain: onOff,
  casFlavor: oneOf(...casFlavors),
  casLoginPage: oneOf(...casLoginPages),
  casRetryAfter: wholeNumber(0),
  casService: oneOf(...casServices),
  casCookieName: like(/^[\w-]+$/, "must consist of letters, digits, - and _."),
  casCookieRotates: onOff,
  casNodes: wholeNumber(1, 9),
  idleSeconds: time,
  redis: {
    flag: "text",
    must: "must be a URL such as redis://127.0.0.1:6379.",
    accepts: (value): value is string =>
      typeof value === "string" && URL.canParse(value) && /^redis:\/\/[^/]/.test(value),
  },
  confirmLogout: onOff,
  goneLogout: oneOf(204, 400),
  services: anyOrListOf("URLs"),
  errorCodes: oneOf("numeric", "dcs"),
  region: text,
  projects: wholeNumber(0),
  agency: onOff,
  agencies: anyOrListOf("names"),
  metadataTokens: oneOf("optional", "required", "none"),
  temporaryKeySeconds: time,
  securityToken: text,
  history: wholeNumber(0),
  clock: {
    must: "must be a function that returns milliseconds.",
    accepts: (value): value is () => number => typeof value === "function",
  },
  accessKey: text,
  secretKey: text,
  authToken: text,
  idpId: text,
  idToken: text,
  projectId: like(/^[0-9a-f]{32}$/, "must be 32 hex digits in lower case."),
  instanceId: like(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "must be a UUID in lower case, such as 6f1c3e0a-4d2b-4b8e-9a57-0c1d2e3f4a5b.",
  ),
  redisPassword: text,
  username: text,
  password: text,
};

const names: readonly string[] = Object.keys(optionRules);

/** An option that the emulator can't start with. The message is a sentence for the user. */
export class BadOption extends Error {
  constructor(
    readonly option: string,
    readonly problem: string,
  ) {
    super(`${option} ${problem}`);
  }
}

/** @throws {BadOption} for the first option that is unknown or can't be used; `undefined` counts as left out */
export function checkOptions(options: object): asserts options is EmulatorOptions {
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw unknownOption(name);
  }
  const given = new Map<string, unknown>(Object.entries(options));
  for (const [name, rule] of Object.entries(optionRules)) {
    const value = given.get(name);
    if (value !== undefined && !rule.accepts(value)) throw new BadOption(name, rule.must);
  }
}

function unknownOption(name: string): BadOption {
  const nearest = closest(name, [...names]);
  const isNear = distance(name, nearest) <= 3;
  return new BadOption(name, `is no option of the emulator${isNear ? `; did you mean ${nearest}?` : "."}`);
}
