import type { Agency } from "../api/iam/temporaryCredentials";
import { misconfigured } from "./place";
import type { SettingsSource } from "./sources";

/** An agency, and the setting that names it. */
export interface AgencySetting extends Agency {
  setting: string;
}

/** In seconds. The default is that of the vendor's Terraform provider. */
const DURATION = { least: 900, most: 86_400, default: 43_200 };

/** The agency that the first source names which names one: who has the keys acts as it from then on. */
export function firstAgency(sources: Iterable<SettingsSource>): AgencySetting | undefined {
  for (const source of sources) {
    const agency = agencyIn(source);
    if (agency) return agency;
  }
  return undefined;
}

function agencyIn(source: SettingsSource): AgencySetting | undefined {
  const agency = source.get("agencyName");
  const [domainName, domainId] = [source.get("domainName"), source.get("domainId")];
  const duration = source.get("duration");
  const whole = source.get("assumeRole");
  const present = agency ?? domainName ?? domainId ?? duration ?? whole;
  if (!present) return undefined;
  if (!agency) {
    throw misconfigured(`\`${source.nameOf("agencyName")}\` is required when \`${present.name}\` is set`);
  }
  if (!domainName && !domainId) {
    const either = `\`${source.nameOf("domainName")}\` or \`${source.nameOf("domainId")}\``;
    throw misconfigured(`${either} is required when \`${agency.name}\` is set`);
  }
  return {
    setting: agency.name,
    agencyName: agency.value,
    // The ID can't be the name of another account.
    domain: domainId ? { domain_id: domainId.value } : { domain_name: domainName?.value ?? "" },
    seconds: duration ? secondsIn(duration) : DURATION.default,
  };
}

function secondsIn({ name, value }: { name: string; value: string }): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= DURATION.least && seconds <= DURATION.most) return seconds;
  throw misconfigured(
    `\`${name}\` must be a whole number of seconds from ${DURATION.least} to ${DURATION.most}`,
  );
}
