import { RequestError } from "../api/errors";
import { serverUrlProblem, withoutTrailingSlash } from "../api/http/serverUrl";
import { iamBeside, withScheme } from "./endpoints";
import type { Setting } from "./files";
import type { SettingName } from "./names";
import { firstOf, type PlacedSetting, type SettingsSource, type SettingsSources } from "./sources";

const IAM_ENDPOINT = "https://iam.REGION.myhuaweicloud.com";

/** Where the services are, as far as it is set for this run. */
export class Place {
  constructor(protected readonly sources: SettingsSources) {}

  first(setting: SettingName): PlacedSetting | undefined {
    return firstOf(this.allSources(), setting);
  }

  dcsEndpoint(): Setting | undefined {
    const found = this.first("dcsEndpoint");
    return found && { name: found.name, value: withScheme(found.value) };
  }

  /** The IAM that belongs to a DCS. */
  protected iamEndpoint(dcsEndpoint: string): string {
    const configured = this.first("iamEndpoint");
    if (!configured) {
      const beside = iamBeside(dcsEndpoint);
      if (beside !== undefined) return beside;
      throw misconfigured(
        "IAM could not be asked, because the DCS endpoint is not a region's own, so nothing tells where its IAM is",
        "Set `huaweicloud-sessions:iamEndpoint` or HUAWEICLOUD_SDK_IAM_ENDPOINT.",
      );
    }
    const url = withScheme(configured.value);
    const problem = serverUrlProblem(url, IAM_ENDPOINT);
    if (problem) throw misconfigured(`\`${configured.name}\` ${problem}`);
    // Open Telekom Cloud's documentation writes the endpoint with the version.
    return withoutTrailingSlash(url).replace(/\/v3$/, "");
  }

  protected *allSources(): Generator<SettingsSource> {
    const { stack, environment, files } = this.sources;
    yield* [...stack, ...environment, ...files];
  }
}

export function misconfigured(reason: string, advice = "Correct that setting."): RequestError {
  return new RequestError({ reason, advice, retry: "never" });
}
